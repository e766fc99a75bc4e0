"""Bringing questions in and out of the bank: who may, what the preview tells, what becomes a draft, what is lost."""

import io
import re
import shutil
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import select

from quizapp import create_app, db, models
from quizapp.config import ROOT
from quizapp.formats import moodle, registry, xlsx
from quizapp.formats.upload import BadFile
from quizapp.services import banks, revisions
from tests import make
from tests.rules.test_bank import HEAD, NUMBER, ONE, ORDER, SEVERAL, TRUEFALSE

KINDS = (ONE, SEVERAL, TRUEFALSE, NUMBER, ORDER)
FILE = HEAD + "".join(
    text.replace("001", f"00{n}").replace("Từ bao nhiêu", f"Câu {n}: từ bao nhiêu") for n, text in enumerate(KINDS, 1)
)
GOOD = "Câu mới số %s hỏi điều gì?\nA. Một\nB. Hai\nANSWER: A\n\n"


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
        make.person(session, "hana", roles=["admin"])
        make.person(session, "mallory")
    return made


def signed_in(app, who):
    client = app.test_client()
    answer = post(client, "/dang-nhap", login=make.PHONES[who], password=make.PASSWORD, page="/dang-nhap")
    assert answer.status_code == 302
    return client


def post(client, path, *, page=None, **sent):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page or path).text)[1]
    return client.post(path, data={"csrf_token": token, **sent})


@pytest.fixture
def otto(app):
    return signed_in(app, "otto")


def upload(client, content, name="cau-hoi.txt", **sent):
    content = content.encode() if isinstance(content, str) else content
    answer = post(client, "/ngan-hang/nhap", file=(io.BytesIO(content), name), **sent)
    answer.request.environ["wsgi.input"].close()  # a large one lies in a file of the test client
    return answer


def drafts():
    with db.read() as session:
        return [one for one in revisions.search(session) if one.state == "draft"]


PATHS = ["/ngan-hang/nhap", "/ngan-hang/xuat", "/ngan-hang/nhap/mau.xlsx", "/ngan-hang/nhap/0/dong-loi.xlsx"]


@pytest.mark.parametrize("path", PATHS)
def test_mallory_is_turned_away(app, path):
    assert signed_in(app, "mallory").get(path).status_code == 403
    assert app.test_client().get(path).status_code == 302


def test_mallory_can_neither_upload_nor_download(app):
    mallory = signed_in(app, "mallory")
    for path in ("/ngan-hang/nhap", "/ngan-hang/xuat", "/ngan-hang/nhap/0/nhan"):
        assert post(mallory, path, page="/dang-nhap").status_code == 403


def test_a_form_without_its_token_is_refused(otto):
    assert otto.post("/ngan-hang/nhap", data={"file": (io.BytesIO(b"x"), "x.txt")}).status_code == 400


def test_good_lines_become_drafts_of_the_importer(app, otto):
    answer = upload(otto, GOOD % 1 + GOOD % 2, topic="huu-tri")
    assert answer.status_code == 302
    page = otto.get(answer.location).text
    assert "Nhập 2 dòng hợp lệ thành bản nháp" in page and "Câu mới số 1" in page
    assert drafts() == []
    taken = post(otto, answer.location + "/nhan", page=answer.location)
    assert taken.status_code == 302
    assert "Đã nhập 2 bản nháp" in otto.get(taken.location).text
    with db.read() as session:
        otto_id = session.scalar(select(models.Person.id).where(models.Person.name == "Otto"))
        versions = session.scalars(
            select(models.QuestionVersion).where(models.QuestionVersion.source == "import")
        ).all()
        deeds = set(session.scalars(select(models.StaffDeed.deed)))
    assert {version.author_id for version in versions} == {otto_id}
    assert len(drafts()) == 2
    assert {"bank.upload", "bank.import"} <= deeds
    again = post(otto, answer.location + "/nhan", page="/ngan-hang/nhap")
    assert again.status_code == 302 and len(drafts()) == 2


def test_a_whole_bank_of_another_system_comes_in(app, otto):
    with db.read() as session:
        asked = [entry.question for entry in banks.dealt(session)]
    renamed = [replace(one, stem=make.text(f"Hỏi khác {one.id}, chọn tất cả")) for one in asked]
    answer = upload(otto, moodle.write(renamed, []), "moodle.xml")
    page = otto.get(answer.location).text
    assert "Nhập 5 dòng hợp lệ thành bản nháp" in page and "Moodle XML" in page


def test_lines_with_faults_are_told_and_can_be_taken_home(otto):
    table = (
        "Câu hỏi;A;B;Đáp án;Chủ đề;Căn cứ\nĐúng chưa?;Có;Không;A;huu-tri;Điều 64\nSai gì?;Có;Không;A;huu-tri;Điều 999\n"
    )
    answer = upload(otto, table, "cau.csv")
    page = otto.get(answer.location + "?xem=loi").text
    assert "Luật không có «Điều 999»." in page and "Đúng chưa?" not in page
    book = otto.get(answer.location + "/dong-loi.xlsx")
    assert book.status_code == 200 and book.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(book.data)) as opened:
        assert any("Điều 999" in opened.read(name).decode() for name in opened.namelist() if name.endswith(".xml"))
    rows = xlsx.read(book.data).rows
    assert [row.values["stem"]["vi"] for row in rows] == ["Sai gì?"]


def test_nobody_sees_the_upload_of_another(app, otto):
    path = upload(otto, GOOD % 1, topic="huu-tri").location
    hana = signed_in(app, "hana")
    assert hana.get(path).status_code == 404
    assert hana.get(path + "/dong-loi.xlsx").status_code == 404
    assert post(hana, path + "/nhan", page="/ngan-hang/nhap").status_code == 404


def test_letters_of_an_old_font_are_confirmed_first(otto):
    old = "C©u hái vÒ b¶o hiÓm x· héi lµ g×?\nA. L­¬ng h­u\nB. Trî cÊp\nANSWER: A\n"
    path = upload(otto, old, topic="huu-tri").location
    page = otto.get(path).text
    assert "TCVN3" in page and "Câu hỏi về bảo hiểm xã hội là gì?" in page
    post(otto, path + "/nhan", page=path)
    assert drafts() == []
    post(otto, path + "/nhan", page=path, **{"da-xem": "1"})
    assert len(drafts()) == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "x.csv", "Tệp này trống"),
        (b"%PDF-1.7 \x00\x01\x02", "x.pdf", ""),
        (b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', "x.xml", "DTD"),
        (b"PK\x03\x04broken", "x.zip", "Tệp"),
        (b"x" * (5 * 1024 * 1024 + 1), "x.txt", "5 MB"),
    ],
)
def test_a_file_that_is_not_read_says_why_beside_the_field(otto, content, name, sentence):
    answer = upload(otto, content, name)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text and sentence in answer.text


def test_no_file_at_all_is_said(otto):
    answer = post(otto, "/ngan-hang/nhap")
    assert answer.status_code == 422 and "Vui lòng chọn một tệp" in answer.text


def test_much_too_large_a_file_is_a_friendly_page(otto):
    answer = upload(otto, b"x" * (7 * 1024 * 1024), "x.txt")
    assert answer.status_code == 413 and "quá lớn" in answer.text


def test_the_template_is_a_workbook_that_can_be_read(otto):
    book = otto.get("/ngan-hang/nhap/mau.xlsx")
    assert book.status_code == 200
    with pytest.raises(BadFile, match="chưa có câu hỏi"):  # its headings are understood
        xlsx.read(book.data)


@pytest.mark.parametrize("name", registry.FORMATS)
def test_every_format_goes_out_after_its_losses_are_told(otto, name):
    page = otto.get("/ngan-hang/xuat", query_string={"dinh-dang": name})
    assert page.status_code == 200
    made = registry.FORMATS[name]
    with db.read() as session:
        held = [entry.question for entry in banks.dealt(session) if made.holds(entry.question)]
    answer = post(otto, "/ngan-hang/xuat", page="/ngan-hang/nhap", **{"dinh-dang": name})
    assert answer.status_code == 200
    assert f".{made.extension}" in answer.headers["Content-Disposition"]
    assert len(made.read(answer.data).rows) == len(held) > 0
    with db.read() as session:
        deed = session.scalars(select(models.StaffDeed).where(models.StaffDeed.deed == "bank.export")).one()
    assert (deed.thing, deed.after) == (name, {"questions": len(held)})


def test_what_a_format_cannot_hold_is_listed_before(otto):
    page = otto.get("/ngan-hang/xuat?dinh-dang=aiken").text
    assert "không thể có trong tệp này" in page and "Định dạng này không giữ được" in page
    assert "giữ được toàn bộ" in otto.get("/ngan-hang/xuat?dinh-dang=toml").text


def test_a_large_choice_goes_out_in_parts(app, otto, monkeypatch):
    small = replace(registry.FORMATS["qti30"], most=2)
    monkeypatch.setattr(registry, "FORMATS", {"qti30": small})
    page = otto.get("/ngan-hang/xuat?dinh-dang=qti30").text
    assert page.count('name="phan"') == 3
    sizes = []
    for part in ("1", "2", "3"):
        sent = {"dinh-dang": "qti30", "phan": part}
        sizes.append(
            len(small.read(post(otto, "/ngan-hang/xuat", page="/ngan-hang/xuat?dinh-dang=qti30", **sent).data).rows)
        )
    assert sizes == [2, 2, 1]
    assert (
        post(otto, "/ngan-hang/xuat", page="/ngan-hang/nhap", **{"dinh-dang": "qti30", "phan": "4"}).status_code == 422
    )


def test_an_unknown_format_is_refused(otto):
    assert post(otto, "/ngan-hang/xuat", page="/ngan-hang/nhap", **{"dinh-dang": "exe"}).status_code == 422
