"""The host's console: who opens it, what stands on it, and what is written down."""

import json
import re

import pytest
from sqlalchemy import select

from quizapp import db, models
from quizapp.config import ROOT
from quizapp.rules import turn
from quizapp.services import contest_roles
from tests import make
from tests.documents import reading
from tests.web.test_bank import page, signed_in

CAST = {"hana": ["organizer"], "otto": ["organizer", "admin"], "bob": [], "ada": [], "mallory": []}


@pytest.fixture
def rooms(app):
    """The codes of a free room of hana's, and of a contest's room where bob is host and ada a judge."""
    with db.begin() as session:
        people = {who: make.person(session, who, roles=roles) for who, roles in CAST.items()}
        free = make.show(session, [make.question(f"om-dau-{n}", topic="om-dau") for n in (1, 2)])
        free.organizer_id = people["hana"].id
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
        contest = make.contest(session, (make.live_rules(),), owner=people["hana"])
        for who, role in (("bob", "host"), ("ada", "judge")):
            contest_roles.give(session, make.VAULT, contest, make.PHONES[who], role, people["hana"].id, now=make.MADE)
        held = make.contest_room(session, contest, people["hana"])
        return {"free": free.code, "contest": held.code, "free id": free.id, "contest id": held.id}


def console(rooms, which):
    return f"/phong/{rooms[which]}/dieu-khien"


def key(app, rooms, which):
    return app.extensions["mint"].room_token("host", rooms[f"{which} id"])


@pytest.mark.parametrize("which", ["free", "contest"])
def test_who_is_not_signed_in_is_asked_to(client, rooms, which):
    assert client.get(console(rooms, which)).status_code == 401


@pytest.mark.parametrize(
    ("who", "which"),
    [("mallory", "free"), ("otto", "free"), ("bob", "free"), *((who, "contest") for who in ("mallory", "otto", "ada"))],
)
def test_to_others_the_room_looks_as_if_it_did_not_exist(client, rooms, who, which):
    answer = signed_in(client, who).get(console(rooms, which))
    assert answer.status_code == 404 and "Không tìm thấy phòng thi" in answer.text


@pytest.mark.parametrize(("who", "which"), [("hana", "free"), ("hana", "contest"), ("bob", "contest")])
def test_who_leads_the_room_opens_its_console(client, rooms, who, which):
    assert "data-console" in page(signed_in(client, who), console(rooms, which))


def test_the_key_of_a_free_room_opens_it_and_leaves_the_address(client, app, rooms):
    answer = client.get(f"{console(rooms, 'free')}?khoa={key(app, rooms, 'free')}")
    assert answer.location == console(rooms, "free")
    assert "data-console" in page(client, console(rooms, "free"))


@pytest.mark.parametrize("typed", ["wrong", "", None])
def test_no_key_opens_the_room_of_a_contest(client, app, rooms, typed):
    assert client.get(f"{console(rooms, 'free')}?khoa=wrong").status_code == 404
    typed = key(app, rooms, "contest") if typed is None else typed or "x"
    assert client.get(f"{console(rooms, 'contest')}?khoa={typed}").status_code == 404


def test_a_stage_key_is_no_console_key(client, app, rooms):
    viewer = app.extensions["mint"].room_token("viewer", rooms["free id"])
    assert client.get(f"{console(rooms, 'free')}?khoa={viewer}").status_code == 404


# ── What stands on it ───────────────────────────────────────────────────────────────────────────────────────────


def tell(client, path, **values):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/tro-giup").text)[1]
    return client.post(path, data={"csrf_token": token, **values})


def at(rooms, which, tail):
    return f"/phong/{rooms[which]}/{tail}"


def text_of(pdf):
    return reading.words(pdf.data)


def play(rooms, which, n):
    """The first `n` questions were asked and locked."""
    with db.begin() as session:
        show = session.get(models.Show, rooms[f"{which} id"])
        show.position = n
        for row in show.turns[:n]:
            row.reading_at = row.opens_at = row.closes_at = make.MADE
            row.open_told = row.lock_told = True


def test_the_rundown_shows_questions_and_reserves_and_never_a_key(client, rooms):
    hana = signed_in(client, "hana")
    play(rooms, "contest", 1)
    lines = page(hana, at(rooms, "contest", "dieu-khien/kich-ban"))
    assert re.findall(r'data-status="(\w+)"', lines) == ["played", "waiting", "waiting", "standby"]
    assert "Câu dự phòng (1)" in lines and lines.count('data-move="up"') == 2
    assert "Phương án" not in lines and "Phương án" not in page(hana, console(rooms, "contest"))


def test_a_contest_says_that_a_void_takes_two_and_a_free_room_does_not(client, rooms):
    hana = signed_in(client, "hana")
    assert "Đề nghị hủy câu này" in page(hana, console(rooms, "contest"))
    assert "Đề nghị hủy câu này" not in page(hana, console(rooms, "free"))


def test_the_large_button_has_words_for_all_it_can_do(client, rooms):
    shown = page(signed_in(client, "hana"), console(rooms, "free"))
    words = json.loads(re.search(r"data-words>(.+?)</script>", shown)[1])
    script = (ROOT / "static/js/press.js").read_text()
    guarded = re.findall(r'"([a-z]+)"', re.search(r"GUARDED = \[(.+)\]", script)[1])
    assert "confirm" in guarded
    assert {f"do-{name}" for name in (*guarded, *turn._STEPS, "reveal", "predict", "start")} <= words.keys()


def test_opening_the_console_of_a_contest_is_written_down(client, rooms):
    hana = signed_in(client, "hana")
    page(hana, console(rooms, "contest")), page(hana, console(rooms, "free"))
    assert "Mở bảng điều khiển" in page(hana, at(rooms, "contest", "nhat-ky"))
    assert "Chưa ai bấm gì" in page(hana, at(rooms, "free", "nhat-ky"))


PAGES = ("dieu-khien/kich-ban", "nhat-ky", "ban-giay.pdf", "dap-an.pdf")


@pytest.mark.parametrize("tail", PAGES)
@pytest.mark.parametrize("which", ["free", "contest"])
def test_mallory_and_other_organizers_see_none_of_it(client, rooms, which, tail):
    play(rooms, which, 1)
    assert client.get(at(rooms, which, tail)).status_code == 401
    for who in ("mallory", "otto"):
        assert signed_in(client, who).get(at(rooms, which, tail)).status_code == 404


# ── Rehearsing ──


def rehearsal():
    with db.read() as session:
        return session.scalar(select(models.Show).where(models.Show.rehearses_id.is_not(None)))


@pytest.mark.parametrize(("who", "which"), [("hana", "free"), ("bob", "contest")])
def test_who_leads_a_room_rehearses_it_and_throws_the_rehearsal_away(client, rooms, who, which):
    host = signed_in(client, who)
    opened = tell(host, at(rooms, which, "tap-duot"), players="12")
    assert opened.location == f"/phong/{rehearsal().code}/dieu-khien"
    assert "Đây là buổi tập" in page(host, opened.location)
    ended = tell(host, f"/phong/{rehearsal().code}/bo-tap")
    assert ended.location == console(rooms, which) and rehearsal().ended_at is not None
    assert "không có gì được giữ lại" in page(host, ended.location)


def test_who_leads_by_the_key_of_the_room_rehearses_by_a_key_too(client, app, rooms):
    client.get(f"{console(rooms, 'free')}?khoa={key(app, rooms, 'free')}")
    opened = tell(client, at(rooms, "free", "tap-duot"))
    assert "Đây là buổi tập" in page(client, opened.location)


def test_what_cannot_be_rehearsed_is_said_on_the_console(client, rooms):
    hana = signed_in(client, "hana")
    assert tell(hana, at(rooms, "free", "tap-duot"), players="999").location == console(rooms, "free")
    assert "từ 1 đến 300" in page(hana, console(rooms, "free"))
    assert tell(hana, at(rooms, "free", "bo-tap")).location == console(rooms, "free")
    assert "không phải buổi tập" in page(hana, console(rooms, "free"))


@pytest.mark.parametrize("tail", ["tap-duot", "bo-tap"])
def test_nobody_else_rehearses(client, rooms, tail):
    for who in ("mallory", "otto"):
        assert tell(signed_in(client, who), at(rooms, "contest", tail)).status_code == 404
    assert rehearsal() is None


# ── On paper ──


def test_the_questions_to_come_are_printed_without_answers_and_those_locked_with(client, rooms):
    hana = signed_in(client, "hana")
    play(rooms, "contest", 1)
    paper, answers = (hana.get(at(rooms, "contest", tail)) for tail in PAGES[2:])
    assert paper.mimetype == answers.mimetype == "application/pdf" and paper.headers["Cache-Control"] == "no-store"
    assert "Câu 2" in text_of(paper) and "Câu 1." not in text_of(paper) and "Đáp án" not in text_of(paper)
    assert "Câu 1. Đáp án:" in text_of(answers) and "Câu 2" not in text_of(answers)
    log = page(hana, at(rooms, "contest", "nhat-ky"))
    assert "In các câu còn lại" in log and "In đáp án các câu đã đóng" in log


def test_no_answer_is_printed_before_the_first_lock(client, rooms):
    hana = signed_in(client, "hana")
    answer = hana.get(at(rooms, "contest", "dap-an.pdf"))
    assert answer.status_code == 409 and "Chưa có câu nào đóng" in answer.text
