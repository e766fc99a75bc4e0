"""Keeping the bank: who may, what the list finds, and what an edit does."""

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from werkzeug.datastructures import MultiDict

from quizapp import create_app, db, models
from quizapp.config import ROOT
from quizapp.services import banks, revisions
from tests import make
from tests.rules.test_bank import HEAD, NUMBER, ONE, ORDER, SEVERAL, TRUEFALSE

KINDS = (ONE, SEVERAL, TRUEFALSE, NUMBER, ORDER)
FILE = HEAD + "".join(
    text.replace("001", f"00{n}").replace("Từ bao nhiêu", f"Câu {n}: từ bao nhiêu") for n, text in enumerate(KINDS, 1)
)


@pytest.fixture
def config(config, tmp_path):
    folder = tmp_path / "questions"
    shutil.copytree(ROOT / "questions" / "law", folder / "law")
    (folder / "huu-tri.toml").write_text(FILE, encoding="utf-8")
    return replace(config, questions=folder)


@pytest.fixture
def app(config, now):
    made = create_app(config)
    made.testing = True
    models.Base.metadata.create_all(db.engine())
    with db.begin() as session:
        banks.load(session, banks.read(config.questions), now=now)
        make.person(session, "otto", roles=["reviewer"])
        make.person(session, "mallory")
    return made


@pytest.fixture
def reviewer(client):
    return signed_in(client, "otto")


def signed_in(client, who):
    send(client, "/dang-nhap", "/dang-nhap", login=make.PHONES[who], password=make.PASSWORD)
    return client


def send(client, page, path, **values):
    """Send a form from `page`, with its token."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).get_data(as_text=True))[1]
    return client.post(path, data={"csrf_token": token, **values})


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


class Filled(HTMLParser):
    """What a browser would send for the edit form as it stands."""

    def __init__(self, html):
        super().__init__()
        self.sent, self._inside, self._area, self._select = [], False, None, None
        self.feed(html)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        if tag == "form":
            self._inside = "data-editor" in given
        if not self._inside:
            return
        if tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.sent.append((given["name"], given.get("value", "")))
        if tag == "textarea":
            self._area = [given["name"], ""]
        if tag == "select":
            self._select = given["name"]
        if tag == "option" and "selected" in given:
            self.sent.append((self._select, given["value"]))

    def handle_data(self, data):
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            self.sent.append(tuple(self._area))
            self._area = None
        if tag == "form":
            self._inside = False


def edit(client, id, **changes):
    """Send the edit form of a question with some fields changed (`__` stands for `-`)."""
    return send_editor(client, f"/ngan-hang/{id}/sua", **changes)


def send_editor(client, path, **changes):
    values = MultiDict(Filled(page(client, path)).sent)
    for name, value in changes.items():
        values.setlist(name.replace("__", "-"), [] if value is None else [value])
    return client.post(path, data=values)


def now_says(id):
    with db.read() as session:
        found = revisions.find(session, id)
    return found.version, found.question


PATHS = ("/ngan-hang", "/ngan-hang/huu-tri-001", "/ngan-hang/huu-tri-001/sua")


@pytest.mark.parametrize("path", PATHS)
def test_whoever_is_not_signed_in_is_led_to_sign_in(client, path):
    assert client.get(path).location.startswith("/dang-nhap?next=")


@pytest.mark.parametrize("path", PATHS)
def test_mallory_is_turned_away(client, path):
    assert signed_in(client, "mallory").get(path).status_code == 403


@pytest.mark.parametrize("path", ["nap-lai", "huu-tri-001/sua", "huu-tri-001/ngung-dung", "huu-tri-001/dung-lai"])
def test_mallory_can_change_nothing(client, path):
    signed_in(client, "mallory")
    assert send(client, "/luat", f"/ngan-hang/{path}").status_code == 403
    assert client.post(f"/ngan-hang/{path}").status_code == 400  # and nobody without the token of a form


def test_the_list_shows_every_question_and_filters_them(reviewer):
    html = page(reviewer, "/ngan-hang")
    assert all(f"huu-tri-00{n}" in html for n in range(1, 6))
    html = page(reviewer, "/ngan-hang?tim=cau+3&loai=truefalse&muc=know&trang-thai=approved&chu-de=huu-tri")
    assert "huu-tri-003" in html and "huu-tri-001" not in html
    assert "Không có câu hỏi nào khớp" in page(reviewer, "/ngan-hang?tim=kh%E1%BB%A7ng+long")
    assert "huu-tri-001" in page(reviewer, "/ngan-hang?trang=-3")


def test_a_broken_file_is_shown_with_line_and_remedy_until_it_is_mended(reviewer, config):
    file = config.questions / "huu-tri.toml"
    file.write_text(FILE.replace("H-01", "H-99", 1), encoding="utf-8")
    send(reviewer, "/ngan-hang", "/ngan-hang/nap-lai")
    html = page(reviewer, "/ngan-hang")
    assert "<code>huu-tri.toml:13</code> <b>huu-tri-001</b> – Không có dữ kiện mang mã «H-99»." in html
    assert "Sửa mã theo tệp questions/law/facts.toml." in html and "huu-tri-005" in html
    file.write_text(FILE.replace("10 năm", "12 năm", 1), encoding="utf-8")
    send(reviewer, "/ngan-hang", "/ngan-hang/nap-lai")
    assert "Không có dữ kiện" not in page(reviewer, "/ngan-hang") and now_says("huu-tri-001")[0] == 2


@pytest.mark.parametrize("n", range(1, 6))
def test_a_question_of_each_kind_is_previewed_in_both_languages_with_its_basis(reviewer, n):
    html = page(reviewer, f"/ngan-hang/huu-tri-00{n}")
    assert 'data-preview="vi"' in html and 'data-preview="en"' in html
    assert 'href="/luat/dieu-64#khoan-1"' in html and "thì được hưởng lương hưu nếu thuộc một trong" in html
    assert "<b>H-01</b>" in html


@pytest.mark.parametrize("n", range(1, 6))
def test_saving_the_form_as_it_is_changes_nothing(reviewer, n):
    assert edit(reviewer, f"huu-tri-00{n}").status_code == 302
    assert now_says(f"huu-tri-00{n}")[0] == 1


def test_an_edit_makes_a_new_version_and_shows_what_changed(reviewer):
    assert (
        edit(reviewer, "huu-tri-001", difficulty="apply", scenario="y", in_force_from="2025-07-01").status_code == 302
    )
    version, question = now_says("huu-tri-001")
    assert version == 2 and question.difficulty == "apply" and question.scenario
    assert question.in_force_from.isoformat() == "2025-07-01"
    html = page(reviewer, "/ngan-hang/huu-tri-001")
    assert "Phiên bản 2" in html and "Otto" in html and "<del>know</del><ins>apply</ins>" in html


def test_each_kind_can_be_edited(reviewer):
    assert edit(reviewer, "huu-tri-002", options__0__vi="18 năm").status_code == 302
    assert "18 năm" in {option.vi for option in now_says("huu-tri-002")[1].options}
    assert edit(reviewer, "huu-tri-003", answer="1").status_code == 302
    assert now_says("huu-tri-003")[1].key == (1,)
    assert edit(reviewer, "huu-tri-004", answer="20", unit__en="yrs").status_code == 302
    assert now_says("huu-tri-004")[1].key == (20,) and now_says("huu-tri-004")[1].unit.en == "yrs"
    assert edit(reviewer, "huu-tri-005", options__0__vi="8 năm", options__0__en="8 years").status_code == 302
    order = now_says("huu-tri-005")[1]
    assert [order.options[n].vi for n in order.key] == ["8 năm", "10 năm", "20 năm", "25 năm"]


def test_an_option_can_be_left_out(reviewer):
    wrong = next(n for n in range(4) if n not in now_says("huu-tri-001")[1].key)
    changes = {f"options__{wrong}__vi": "", f"options__{wrong}__en": " "}
    assert edit(reviewer, "huu-tri-001", **changes).status_code == 302
    assert len(now_says("huu-tri-001")[1].options) == 3


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"citations": "Điều 64 khoản 9"}, "citations", "Luật không có «Điều 64 khoản 9»."),
        ({"citations": ""}, "citations", "còn trống"),
        ({"facts": "H-99"}, "facts", "Không có dữ kiện"),
        ({"stem__en": " "}, "stem-en", "Thiếu bản «Câu hỏi (tiếng Anh)»."),
        ({"explanation__vi": "Vì luật."}, "explanation-vi", "ít hơn 40"),
        ({"options__2__vi": "Tất cả các ý trên"}, "options-2-vi", "Không dùng phương án kiểu"),
        ({"options__0__en": ""}, "options-0-en", "Thiếu bản «Phương án 1 (tiếng Anh)»."),
        ({"in_force_from": "2026-01-02", "in_force_to": "2026-01-01"}, "in_force_to", "đứng trước"),
        ({"in_force_from": "hôm nay"}, "in_force_from", ""),
        ({"difficulty": "hard"}, "difficulty", ""),
        ({f"options__{n}__right": None for n in range(4)}, "options-0-vi", "Câu hỏi có 0 phương án đúng."),
    ],
)
def test_an_unfit_edit_is_refused_beside_its_field_and_keeps_what_was_typed(reviewer, changes, field, said):
    answer = edit(reviewer, "huu-tri-001", short__vi="Bản ngắn vừa gõ xong?", **changes)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'<a href="#{field}">[^<]*{re.escape(said)}', html)
    assert f'id="{field}-error"' in html and "Bản ngắn vừa gõ xong?" in html
    assert now_says("huu-tri-001")[0] == 1


def test_a_number_must_be_typed_as_one(reviewer):
    answer = edit(reviewer, "huu-tri-004", answer="mười lăm")
    assert answer.status_code == 422 and 'id="answer-error"' in answer.get_data(as_text=True)


def test_two_editors_do_not_overwrite_each_other(reviewer):
    assert edit(reviewer, "huu-tri-001", difficulty="apply", based_on="7").status_code == 409
    assert now_says("huu-tri-001")[0] == 1


def test_a_question_is_retired_and_restored(reviewer):
    path = "/ngan-hang/huu-tri-001"
    assert send(reviewer, path, f"{path}/ngung-dung").status_code == 302
    html = page(reviewer, path)
    assert "Ngừng dùng</span>" in html and f'action="{path}/dung-lai"' in html
    assert send(reviewer, path, f"{path}/ngung-dung").status_code == 409
    assert send(reviewer, path, f"{path}/dung-lai").status_code == 302
    assert now_says("huu-tri-001")[0] == 1


def test_an_unknown_question_is_not_found(reviewer):
    assert reviewer.get("/ngan-hang/huu-tri-999").status_code == 404
    assert reviewer.get("/ngan-hang/huu-tri-999/sua").status_code == 404


def test_the_editors_word_is_said_to_be_kept_when_files_are_loaded(reviewer, config):
    edit(reviewer, "huu-tri-001", difficulty="apply")
    (config.questions / "huu-tri.toml").write_text(FILE.replace("10 năm", "12 năm", 1), encoding="utf-8")
    send(reviewer, "/ngan-hang", "/ngan-hang/nap-lai")
    assert "Giữ bản đã sửa trên trang, không lấy theo tệp: huu-tri-001." in page(reviewer, "/ngan-hang")


def test_an_empty_bank_says_how_to_fill_it(reviewer):
    with db.begin() as session:
        session.query(models.QuestionVersion).delete()
        session.query(models.Question).delete()
    assert "Chưa có câu hỏi nào." in page(reviewer, "/ngan-hang")


@pytest.mark.parametrize("path", PATHS)
def test_the_pages_are_there_in_english(reviewer, path):
    assert '<html lang="en"' in page(reviewer, f"{path}?lang=en")
