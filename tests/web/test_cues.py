"""The timeline of a room: planned on a page, set to now, and given to a playlist."""

import html

import pytest

from quizapp import clock, db
from quizapp.services import autopilots, shows
from tests import make
from tests.make import PASSWORD, PHONES

GAPS = {"after_lock": "3", "after_reveal": "12", "after_board": "8", "starts_at": ""}


@pytest.fixture(autouse=True)
def room(app):
    """A room that hana made."""
    app.config["WTF_CSRF_ENABLED"] = False
    with db.begin() as session:
        hana = make.person(session, "hana", roles=("organizer",))
        make.person(session, "mallory", roles=("organizer",))
        return make.show(session, organizer_id=hana.id, now=clock.now()).code


@pytest.fixture
def hana(client):
    client.post("/dang-nhap", data={"login": PHONES["hana"], "password": PASSWORD})
    return client


@pytest.fixture
def path(room):
    return f"/phong/{room}/thoi-diem"


def kept(room):
    with db.read() as session:
        show = shows.find(session, room)
        return [row.cue_ms for row in show.turns], autopilots.plan_of(show)


def ids(room):
    with db.read() as session:
        return [row.id for row in shows.find(session, room).turns]


def test_mallory_plans_nothing(app, room, path):
    stranger = app.test_client()
    assert stranger.get(path).status_code == 401
    stranger.post("/dang-nhap", data={"login": PHONES["mallory"], "password": PASSWORD})
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/dateranges.txt").status_code == 404
    assert stranger.post(path, data={**GAPS, f"cue-{ids(room)[0]}": "1:00"}).status_code == 404
    assert kept(room)[0] == [None, None, None]


def test_the_openings_are_kept_as_they_are_written(hana, room, path):
    first, second, _ = ids(room)
    cues = {f"cue-{first}": "1:00", f"cue-{second}": "2:30,5"}
    text = html.unescape(
        hana.post(
            path, data={**GAPS, **cues, "starts_at": "2026-03-06T20:00", "after_reveal": "20"}, follow_redirects=True
        ).get_data(as_text=True)
    )
    cues_kept, how = kept(room)
    assert cues_kept == [60_000, 150_500, None]
    assert how.starts_at.isoformat() == "2026-03-06T20:00:00+07:00"
    assert how.after_reveal == 20
    assert 'value="2:30,5"' in text
    lines = hana.get(f"{path}/dateranges.txt")
    assert lines.get_data(as_text=True).count('START-DATE="2026-03-06T13:0') == 2
    assert "attachment" in lines.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "typed"), [("after_lock", "601"), ("after_lock", "x"), ("starts_at", "mai"), ("cue-1", "hai phút")]
)
def test_what_cannot_be_read_stays_in_the_form_with_the_reason(hana, room, path, name, typed):
    text = html.unescape(hana.post(path, data={**GAPS, name: typed}).get_data(as_text=True))
    assert 'aria-invalid="true"' in text
    assert kept(room)[0] == [None, None, None]


def test_cues_against_the_order_are_refused_with_the_reason(hana, room, path):
    first, second, _ = ids(room)
    text = hana.post(path, data={**GAPS, f"cue-{first}": "2:00", f"cue-{second}": "1:00"}).get_data(as_text=True)
    assert "tăng dần" in html.unescape(text)
    assert kept(room)[0] == [None, None, None]


def test_a_question_can_be_opened_now(hana, room, path):
    before = clock.now()
    hana.post(path, data={**GAPS, "now": str(ids(room)[0])})
    cues_kept, how = kept(room)
    assert cues_kept == [5_000, None, None]
    assert before <= how.starts_at <= clock.now()
    assert hana.get(path).status_code == 200
