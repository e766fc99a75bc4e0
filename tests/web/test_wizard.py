"""The wizard as a person without scripts uses it: forms are sent as the page has them, with what is typed on top."""

import re
from datetime import date, datetime
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from quizapp import db, models
from quizapp.rules import model_rulebooks
from quizapp.rules.contest import Settings, Words
from quizapp.rules.timing import VIETNAM
from quizapp.services import changes, contests, rulebooks
from tests import make
from tests.web.test_bank import page, send, signed_in
from tests.web.test_organize import CAST, HOME, LIST, NAME, SLUG, kept, start

MONDAY = date(2026, 3, 2)


@pytest.fixture
def app(app):
    with db.begin() as session:
        people = {who: make.person(session, who, roles=roles) for who, roles in CAST.items()}
        made = make.contest(session, 2, owner=people["hana"], published=False)
        session.add(
            models.ContestRole(contest_id=made.id, person_id=people["otto"].id, role="secretariat", given_at=make.MADE)
        )
        topics = ("huu-tri", "nguoi-su-dung-lao-dong", "thu-tuc-ho-so", "quy-hutribosung-xuly")
        named = {
            line.topic for m in model_rulebooks.MODELS for r in m.make(MONDAY).rounds for line in r.paper.blueprint
        }
        for letter, topic in zip("LGIJBADEMNOP", sorted(named - set(topics)), strict=False):
            session.add(models.Topic(slug=topic, letter=letter, name_vi=f"Chủ đề {letter}", name_en=f"Topic {letter}"))
        for letter, topic in zip("HCFK", topics, strict=True):
            session.add(models.Topic(slug=topic, letter=letter, name_vi=f"Chủ đề {letter}", name_en=f"Topic {letter}"))
            session.flush()
            make.bank(session, *(make.question(f"{topic}-{n:03}", topic=topic) for n in range(60)), topic=topic)
    return app


@pytest.fixture
def hana(client):
    return signed_in(client, "hana")


class Sent(HTMLParser):
    """What a browser would send for the form of a step as it stands."""

    def __init__(self, html):
        super().__init__()
        self.pairs, self._inside, self._area, self._select = [], False, None, None
        self.feed(html)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        if tag == "form":
            self._inside = given.get("id") == "buoc"
        if not self._inside or "disabled" in given:
            return
        if (
            tag == "input"
            and "name" in given
            and (given.get("type") not in ("checkbox", "radio") or "checked" in given)
        ):
            self.pairs.append((given["name"], given.get("value", "")))
        if tag == "textarea":
            self._area = (given["name"], "")
        if tag == "select":
            self._select = (given["name"], None)
        if tag == "option" and self._select and (self._select[1] is None or "selected" in given):
            self._select = (self._select[0], given["value"])

    def handle_data(self, data):
        if self._area:
            self._area = (self._area[0], self._area[1] + data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
        if tag == "textarea" and self._area:
            self.pairs.append(self._area)
            self._area = None
        if tag == "select" and self._select:
            self.pairs.append((self._select[0], self._select[1] or ""))
            self._select = None


def press(client, step, do="save", html=None, slug=SLUG, vong="", drop=(), add=(), **typed):
    """Send a step with a button; names are written with `__` for a dot."""
    path = f"{LIST}/{slug}/buoc/{step}" + (f"?vong={vong}" if vong else "")
    sent = MultiDict(Sent(html or page(client, path)).pairs)
    for name, value in typed.items():
        sent.setlist(name.replace("__", "."), [value])
    for name in drop:
        sent.poplist(name)
    for name, value in add:
        sent.add(name, value)
    return client.post(path, data=MultiDict([*sent.items(multi=True), ("do", do)]))


def rules(slug=SLUG):
    return rulebooks.draft(kept(slug))


# ── Nothing is lost, nothing is changed by looking ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", model_rulebooks.MODELS, ids=lambda model: model.key)
def test_saving_every_step_as_it_stands_changes_nothing(hana, model):
    start(hana, start=model.key, name=model.make(MONDAY).name.vi, slug="mau", day="2026-03-02")
    before = rules("mau")
    assert before == model.make(MONDAY)
    for step in (1, 2, 3, 4):
        for one in before.rounds:
            assert press(hana, step, slug="mau", vong=one.key).status_code == 302
            assert rules("mau") == before


def test_the_ready_weekly_contest_through_the_forms_is_rulebook_a(hana):
    """From nothing but the screens: every value of the worked rulebook is typed."""
    start(hana, start="trong", name=NAME, slug="a", day="2026-03-02")
    press(
        hana,
        1,
        slug="a",
        do="save",
        organizer__vi="Bảo hiểm xã hội Việt Nam",
        organizer__en="Vietnam Social Security",
        name__en='Online contest "Know the 2024 Law on Social Insurance"',
        place="Hà Nội",
        purpose__vi=model_rulebooks.weekly(MONDAY).purpose.vi,
        purpose__en=model_rulebooks.weekly(MONDAY).purpose.en,
    )
    html = press(hana, 1, slug="a", do="add:rounds").text
    assert (
        press(hana, 1, slug="a", html=html, rounds__0__name__vi="Tuần 1", rounds__0__name__en="Week 1").status_code
        == 302
    )
    lines = [("huu-tri", "3"), ("nguoi-su-dung-lao-dong", "3"), ("thu-tuc-ho-so", "2"), ("quy-hutribosung-xuly", "2")]
    html = None
    for _ in lines:
        html = press(hana, 1, slug="a", html=html, do="add:paper.blueprint").text
    typed = {f"paper__blueprint__{n}__topic": topic for n, (topic, _) in enumerate(lines)}
    typed |= {f"paper__blueprint__{n}__count": count for n, (_, count) in enumerate(lines)}
    assert press(hana, 1, slug="a", html=html, paper__bank="60", **typed).status_code == 302
    press(
        hana,
        2,
        slug="a",
        times__0__opens_at="2026-03-02T08:00",
        times__0__closes_at="",
        times__0__closes_phrase="đến 22 giờ 00 ngày 08/3/2026",
        paper__time_limit="10",
        max_attempts="3",
        ranking__prize_gate__kind="ALL_CORRECT",
        one_prize_per="CONTEST",
    )
    html = None
    for _ in range(4):
        html = press(hana, 2, slug="a", html=html, do="add:ranking.prizes").text
    prizes = [
        ("Giải Nhất", "First prize", "1"),
        ("Giải Nhì", "Second prize", "2"),
        ("Giải Ba", "Third prize", "3"),
        ("Giải Khuyến khích", "Consolation prize", "10"),
    ]
    typed = {}
    for n, (vi, en, slots) in enumerate(prizes):
        typed |= {
            f"ranking__prizes__{n}__name__vi": vi,
            f"ranking__prizes__{n}__name__en": en,
            f"ranking__prizes__{n}__slots": slots,
        }
    assert press(hana, 2, slug="a", html=html, **typed).status_code == 302
    for _ in range(3):
        html = press(hana, 1, slug="a", do="add:rounds").text
        assert press(hana, 1, slug="a", html=html).status_code == 302
    press(
        hana,
        3,
        slug="a",
        min_age="14",
        involved="HORS_CONCOURS",
        fields__identity_number="required",
        fields__unit="required",
        unit_levels="Đơn vị\nĐơn vị trực thuộc",
        add=[("fields.phone_confirmed", "1")],
    )
    html = press(hana, 3, slug="a", do="add:collective").text
    html = press(hana, 3, slug="a", do="add:collective", html=html).text
    lists = model_rulebooks.weekly(MONDAY).collective
    typed = {}
    for n, one in enumerate(lists):
        typed |= {
            f"collective__{n}__name__vi": one.name.vi,
            f"collective__{n}__name__en": one.name.en,
            f"collective__{n}__measure": one.measure,
            f"collective__{n}__level": one.level,
        }
    assert press(hana, 3, slug="a", html=html, **typed).status_code == 302
    assert without_keys(rules("a")) == without_keys(model_rulebooks.weekly(MONDAY))
    assert [one.key for one in rules("a").rounds] == ["tuan-1", "tuan-2", "tuan-3", "tuan-4"]


def without_keys(settings: Settings):
    """Settings but for the keys of prizes and lists, which are made of their names."""
    rounds = tuple(
        replace(
            one, ranking=replace(one.ranking, prizes=tuple(replace(prize, key="k") for prize in one.ranking.prizes))
        )
        for one in settings.rounds
    )
    return replace(settings, rounds=rounds, collective=tuple(replace(one, key="k") for one in settings.collective))


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_come_and_go_without_scripts_and_keep_what_was_typed(hana):
    html = press(hana, 2, do="add:ranking.prizes", results_days="chín").text
    assert 'name="ranking.prizes.0.name.vi"' in html and 'value="chín"' in html
    html = press(hana, 2, html=html, do="add:ranking.prizes", ranking__prizes__0__name__vi="Giải Nhất").text
    html = press(hana, 2, html=html, do="up:ranking.prizes.1", ranking__prizes__1__name__vi="Giải Nhì").text
    sent = MultiDict(Sent(html).pairs)
    assert [sent[f"ranking.prizes.{n}.name.vi"] for n in (0, 1)] == ["Giải Nhì", "Giải Nhất"]
    html = press(hana, 2, html=html, do="remove:ranking.prizes.0").text
    assert 'value="Giải Nhì"' not in html and 'value="Giải Nhất"' in html
    assert rules().rounds[0].ranking.prizes == ()


def test_a_preset_fills_the_keys(hana):
    html = press(hana, 2, do="preset", preset="PREDICTION_EARLIEST").text
    assert press(hana, 2, html=html).status_code == 302
    assert rules().rounds[0].ranking.keys == ("score", "prediction_distance", "submitted_at", "lot")
    assert press(hana, 2, do="preset", preset="x").status_code == 200


def test_rounds_are_added_one_week_on_reordered_and_taken_away(hana):
    html = press(hana, 1, do="add:rounds").text
    assert 'value="Tuần 2"' in html
    html = press(hana, 1, html=html, do="up:rounds.2").text
    assert press(hana, 1, html=html).status_code == 302
    found = rules().rounds
    assert len(found) == 3 and [one.key for one in found] == ["tuan-1", "tuan-2-2", "tuan-2"]
    last = next(one for one in found if one.key == "tuan-2-2")
    assert last.opens_at.astimezone(VIETNAM) == datetime(2026, 3, 16, 8, tzinfo=VIETNAM)
    press(hana, 1, html=press(hana, 1, do="remove:rounds.0").text)
    assert [one.key for one in rules().rounds] == ["tuan-2-2", "tuan-2"]


def test_rules_of_a_round_can_be_given_to_others(hana):
    html = page(hana, f"{HOME}/buoc/2")
    assert re.search(r'name="apply" value="tuan-2" checked', html)
    press(hana, 2, max_attempts="5")
    assert [one.max_attempts for one in rules().rounds] == [5, 5]
    press(hana, 2, max_attempts="7", drop=["apply"])
    assert [one.max_attempts for one in rules().rounds] == [7, 5]
    assert not re.search(r'name="apply" value="tuan-2" checked', page(hana, f"{HOME}/buoc/2"))


def test_a_button_saves_and_goes_on_to_another_round(hana):
    answer = press(hana, 2, do="round:tuan-2", max_attempts="5")
    assert answer.location.endswith("/buoc/2?vong=tuan-2") and rules().rounds[0].max_attempts == 5
    assert press(hana, 1, do="next").location.endswith("/buoc/2")


# ── Times ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_phrase_alone_says_the_end(hana):
    press(hana, 2, times__0__closes_at="", times__0__closes_phrase="đến hết ngày 08/3")
    one = rules().rounds[0]
    assert one.closes_at == datetime(2026, 3, 9, tzinfo=VIETNAM) and one.closes_phrase == "đến hết ngày 08/3"
    assert "đóng đúng 00:00:00 ngày 09/3/2026" in page(hana, f"{HOME}/buoc/2")


def test_our_own_phrase_follows_a_new_end(hana):
    press(hana, 2, times__0__closes_phrase="đến 22 giờ 00 ngày 08/3/2026")
    press(hana, 2, times__0__closes_at="2026-03-08T21:30")
    assert rules().rounds[0].closes_phrase == "đến 21 giờ 30 ngày 08/3/2026"


def test_without_an_end_the_step_says_what_is_missing(hana):
    answer = press(hana, 2, times__0__closes_at="", times__0__closes_phrase="cuối tuần")
    assert answer.status_code == 422 and "Chọn lúc đóng" in answer.text and 'value="cuối tuần"' in answer.text


# ── What cannot be read ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        (1, {"name__vi": "x" * 301}, "dài quá 300 ký tự"),
        (1, {"paper__bank": "nhiều"}, "nhập một số từ 0 đến"),
        (1, {"paper__kind": "x"}, "vui lòng chọn một mục"),
        (1, {"paper__question_points": "một hai"}, "mã = 2"),
        (1, {"place": "x" * 81}, "dài quá 80 ký tự"),
        (2, {"paper__time_limit": "lâu"}, "nhập số phút"),
        (2, {"max_attempts": "0"}, "nhập một số từ 1 đến 100"),
        (2, {"times__0__opens_at": "mai"}, "chọn ngày và giờ"),
        (3, {"keep_days": ""}, "nhập một số từ 1 đến"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field_and_kept(hana, step, typed, said):
    answer = press(hana, step, **typed)
    assert answer.status_code == 422 and said in answer.text and 'role="alert"' in answer.text
    (name, value), *_ = typed.items()
    path = name.replace("__", ".")
    assert re.search(rf'id="{re.escape(path)}-error"', answer.text)
    assert value in answer.text
    assert rules() == contests.settings(kept())


def test_a_key_that_is_no_key_is_refused_as_a_whole(hana):
    html = press(hana, 3, do="add:divisions").text
    answer = press(hana, 3, html=html, divisions__0__key="Không Được", divisions__0__name__vi="A")
    assert answer.status_code == 422 and "Có mục chưa đúng mẫu" in answer.text


# ── Two editors ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_of_two_editors_none_overwrites_the_other(app, hana):
    opened = page(hana, f"{HOME}/buoc/2")
    otto = signed_in(app.test_client(), "otto")
    press(otto, 2, complaint_days="7")
    answer = press(hana, 2, html=opened, results_days="9", complaint_days="6")
    assert answer.status_code == 409 and "Người khác vừa lưu bản nháp này" in answer.text
    assert "7 ngày làm việc" in answer.text and "6 ngày làm việc" in answer.text and 'value="9"' in answer.text
    assert (rules().complaint_days, rules().results_days) == (7, 7)
    (newest,) = re.findall(r'value="mine:(\d+)"', answer.text)
    assert press(hana, 2, html=answer.text, do=f"mine:{newest}").status_code == 302
    assert (rules().complaint_days, rules().results_days) == (6, 9)


# ── Live rounds and finals ──────────────────────────────────────────────────────────────────────────────────────


def test_a_round_that_goes_live_has_a_way_to_play_and_one_attempt(hana):
    press(hana, 1, rounds__1__kind="live")
    one = rules().rounds[1]
    assert one.live.questions == 10 and one.max_attempts == 1
    assert "không có vòng trực tiếp" not in page(hana, f"{HOME}/buoc/4")
    press(hana, 4, live__seconds="30", live__teams__best="4")
    assert (rules().rounds[1].live.seconds, rules().rounds[1].live.teams.best) == (30, 4)
    press(hana, 4, live__teams__best="")
    assert rules().rounds[1].live.teams is None
    press(hana, 1, rounds__1__kind="self_paced")
    assert rules().rounds[1].live is None


def test_without_live_rounds_the_fourth_step_says_so(hana):
    assert "không có vòng trực tiếp" in page(hana, f"{HOME}/buoc/4")
    assert press(hana, 4, do="next").location.endswith("/buoc/5")


def test_a_final_invites(hana):
    press(hana, 1, rounds__1__kind="final")
    press(hana, 3, invited__top_each="10", invited__rounds="tuan-1", add=[("invited.on", "1")])
    assert rules().rounds[1].invited.rounds == ("tuan-1",)
    press(hana, 1, html=press(hana, 1, do="remove:rounds.0").text)
    assert rules().rounds[0].invited.rounds == ()
    press(hana, 3, drop=["invited.on"])
    assert rules().rounds[0].invited is None


# ── The last step ───────────────────────────────────────────────────────────────────────────────────────────────


def finish(client, do, **values):
    path = f"{HOME}/buoc/5"
    revision = str(kept().revision)
    return send(client, path, path, do=do, revision=values.pop("revision", revision), **values)


def test_remarks_lead_to_their_fields(hana):
    html = page(hana, f"{HOME}/buoc/5")
    assert "Chưa ghi nơi liên hệ." in html and f'href="{HOME}/buoc/1#contact"' in html
    assert "Còn mục chưa xong" in html
    press(hana, 2, times__0__closes_phrase="đến hết ngày 10/3")
    assert f'href="{HOME}/buoc/2?vong=tuan-1#times"' in page(hana, f"{HOME}/buoc/5")


def ready(client, monday=None):
    press(client, 1, contact__vi="Tổ Thư ký", contact__en="The secretariat")
    year = datetime.now(VIETNAM).year + 1
    typed = {}
    for n in range(2):
        typed |= {
            f"times__{n}__opens_at": f"{year}-0{n + 1}-05T08:00",
            f"times__{n}__closes_at": f"{year}-0{n + 1}-12T22:00",
        }
    press(client, 2, **typed)


def test_what_lacks_something_is_not_published(hana):
    answer = finish(hana, "publish")
    assert answer.status_code == 409 and "Thể lệ còn chỗ phải sửa" in answer.text
    assert kept().published_at is None


def test_publishing_and_then_a_new_version_with_its_reason(app, hana):
    ready(hana)
    assert finish(hana, "publish").location == HOME
    assert kept().published_at is not None
    public = app.test_client().get(f"/cuoc-thi/{SLUG}/the-le")
    assert public.status_code == 200 and "Điều 1." in public.text and "Bản 1" in public.text
    assert "không có sửa đổi nào đang soạn" in page(hana, f"{HOME}/buoc/5")
    press(hana, 2, complaint_days="7")
    html = page(hana, f"{HOME}/buoc/5")
    assert "5 ngày làm việc" in html and "7 ngày làm việc" in html and "Công bố bản mới" in html
    assert "5 ngày làm việc" in page(app.test_client(), f"/cuoc-thi/{SLUG}/the-le")
    assert finish(hana, "change", reason="").status_code == 422
    assert finish(hana, "change", reason="Theo góp ý của người dự thi").location == HOME
    public = page(app.test_client(), f"/cuoc-thi/{SLUG}/the-le")
    assert "Bản 2" in public and "Theo góp ý của người dự thi" in public and "<del>" in public
    assert "Đây là bản cũ" in page(app.test_client(), f"/cuoc-thi/{SLUG}/the-le?ban=1")
    assert app.test_client().get(f"/cuoc-thi/{SLUG}/the-le?ban=9").status_code == 404


def test_a_change_can_be_given_up(hana):
    ready(hana)
    finish(hana, "publish")
    press(hana, 2, complaint_days="7")
    assert finish(hana, "discard").location == HOME
    assert kept().draft is None


def test_once_open_a_change_waits_for_a_second_person(app, hana):
    ready(hana)
    finish(hana, "publish")
    with db.begin() as session:
        contest = session.scalar(select(models.Contest).where(models.Contest.slug == SLUG))
        opened = contests.settings(contest)
        past = replace(opened.rounds[0], opens_at=make.OPENS)
        contest.settings = rulebooks.rulebook.to_json(replace(opened, rounds=(past, *opened.rounds[1:])))
    press(hana, 2, complaint_days="7")
    assert "Đề nghị bản mới" in page(hana, f"{HOME}/buoc/5")
    assert finish(hana, "change", reason="Theo góp ý").location == HOME
    assert "đang chờ người thứ hai" in page(hana, f"{HOME}/buoc/5")
    with db.read() as session:
        contest = session.scalar(select(models.Contest).where(models.Contest.slug == SLUG))
        assert [one.kind for one in changes.waiting(session, contest)] == ["rulebook"]


# ── Who may ─────────────────────────────────────────────────────────────────────────────────────────────────────

PAGES = [f"{HOME}/buoc/{n}" for n in range(1, 6)] + [f"{HOME}/the-le"]


@pytest.mark.parametrize("path", PAGES)
def test_mallory_sees_nothing_of_it(client, path):
    assert client.get(path).location.startswith("/dang-nhap?next=")
    assert signed_in(client, "mallory").get(path).status_code == 404


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_mallory_can_change_nothing(client, step):
    signed_in(client, "mallory")
    assert send(client, "/luat", f"{HOME}/buoc/{step}", do="save", revision="1").status_code == 404
    assert kept().revision == 1


def test_there_are_five_steps(hana):
    assert hana.get(f"{HOME}/buoc/6").status_code == hana.get(f"{HOME}/buoc/0").status_code == 404
    assert send(hana, "/luat", f"{HOME}/buoc/6", do="save").status_code == 404


def test_a_draft_is_shown_to_nobody_outside(client, hana):
    assert client.get(f"/cuoc-thi/{SLUG}/the-le").status_code == 404
    assert "Đây là bản nháp" in page(hana, f"{HOME}/the-le")
    assert Words("x").of("en") == "x"
