import json
from datetime import timedelta

from quizapp import clock, db, models
from quizapp.rules import contest as rulebook
from quizapp.services import open_boards, sittings
from tests import make
from tests.web.test_contest import DAY, HOUR, SLUG, bank, fill, hold, signed_in  # noqa: F401 - `bank` is a fixture

API = "/api/v1"
START = f"{API}/contests/{SLUG}/rounds/tuan-1/attempts"


def get(client, tail=""):
    reply = client.get(f"{API}/contests{tail}")
    assert reply.status_code == 200, reply.text
    return reply.get_json()


def start(client, path=START):
    return client.post(path, json={"rules_accepted": True})


def call(client, dealt, what, body=None):
    headers = {"Authorization": f"Bearer {dealt['token']}"}
    return client.post(f"{API}/attempts/{dealt['attempt']}/{what}", json=body or {}, headers=headers).get_json()


def answer(client, dealt, n, o=1):
    message = {"m": f"{n:032x}", "q": dealt["questions"][n - 1]["q"], "o": [o]}
    return call(client, dealt, "answers", message)["verdict"]


# ── Public data ──


def test_published_contests_are_listed_with_their_rounds(client):
    row = hold()
    with db.begin() as session:
        make.contest(session, slug="ban-nhap", published=False)
    (one,) = get(client)["contests"]
    assert one["slug"] == SLUG and one["organizer"]["en"] == "Social insurance of province P"
    assert one["rounds"] == [
        {
            "key": "tuan-1",
            "name": {"vi": "Tuần 1", "en": "Week 1"},
            "kind": "self_paced",
            "state": "OPEN",
            "opens_at": int(row.opens_at.timestamp() * 1000),
            "closes_at": int(row.closes_at.timestamp() * 1000),
        }
    ]


def test_one_contest_says_its_rules_and_what_is_counted_so_far(client):
    fill(prediction=rulebook.Prediction(public_step=0))
    page = get(client, f"/{SLUG}")
    (one,) = page["rounds"]
    assert (one["questions"], one["time_limit"], one["max_attempts"], one["predicts"]) == (10, 600, 2, "P_ALLCORRECT")
    assert one["ranking"][0] == "score" and one["counting_attempt"] == "BEST" and one["close_policy"] == "CUT"
    assert one["figures"] == {"registered": 3, "people": 2, "attempts": 2}
    assert client.get(f"{API}/contests/khong-co").status_code == 404


def test_lists_over_rounds_and_rounds_of_other_kinds_are_told_too(client):
    now = clock.now()
    live = make.round_rules("live", kind="live", live=rulebook.LivePart(), opens_at=now + HOUR, closes_at=now + DAY)
    with db.begin() as session:
        make.contest(session, (live,), "hai-loai", overall=(rulebook.Overall(),))
    first, overall = get(client, "/hai-loai")["rounds"]
    assert first["kind"] == "live" and "questions" not in first and "figures" not in first
    assert (overall["kind"], overall["key"]) == ("overall", "chung") and "opens_at" not in overall


def test_the_board_of_an_open_round_names_who_agreed(client):
    fill()
    (board,) = get(client, f"/{SLUG}/board")["boards"]
    assert (board["round"], board["published"], board["keys"]) == (
        "tuan-1",
        False,
        ["score", "duration", "submitted_at"],
    )
    first, second = board["lines"]
    assert (first["rank"], first["name"], first["points"], first["full"]) == (1, "Lê Văn A", 10, 10)
    assert "name" not in second and len(second["code"]) == 4 and second["points"] == 8


def test_a_hidden_board_is_not_told(client):
    hold(board="SCORE_ONLY")
    assert get(client, f"/{SLUG}/board")["boards"] == []


def test_after_the_closing_the_published_result_is_the_board(client):
    hold(opens=-DAY, closes=-HOUR)
    with db.begin() as session:
        contest = session.query(models.Contest).one()
        row = contest.rounds[0]
        named, other = (make.contestant(session, contest, name=name) for name in ("Lê An", "Lê Bình"))
        make.consent(session, named)
        kept = make.snapshot(session, row, [(named, 10), (other, 9)], published=False)
    assert get(client, f"/{SLUG}/board")["boards"] == []
    with db.begin() as session:
        session.get(models.Snapshot, kept.id).published_at = clock.now()
    (board,) = get(client, f"/{SLUG}/board")["boards"]
    assert board["published"] and [line.get("name") for line in board["lines"]] == ["Lê An", None]
    assert board["keys"][1] == "prediction_distance"


def test_public_calls_tell_nothing_private(client):
    fill()
    with db.begin() as session:
        codes = [who.code for who in session.query(models.Contestant)]
    told = json.dumps([get(client, tail) for tail in ("", f"/{SLUG}", f"/{SLUG}/board")])
    assert not any(code in told for code in codes)
    for secret in ("phone", "birth", "identity", "Lê Văn B", "person", '"key": ['):
        assert secret not in told, secret


# ── Sitting ──


def test_an_attempt_goes_from_start_to_score_without_a_key(app):
    hold()
    client = signed_in(app)
    reply = start(client)
    assert reply.status_code == 201
    dealt = reply.get_json()
    assert set(dealt) == {"attempt", "token", "deadline_at", "questions"} and len(dealt["questions"]) == 10
    assert [answer(client, dealt, n) for n in range(1, 11)] == ["kept"] * 10
    done = call(client, dealt, "handin")
    assert (done["score"], done["of"], done["points"], done["full"], done["review"]) == (10, 10, 10, 10, [])
    assert call(client, dealt, "handin") == done


def test_going_on_gives_a_new_token_and_ends_the_old_one(app):
    hold()
    client = signed_in(app)
    first, second = start(client).get_json(), start(client).get_json()
    assert first["attempt"] == second["attempt"] and first["token"] != second["token"]
    assert call(client, first, "handin")["status"] == 404
    assert call(client, second, "handin")["of"] == 10


def test_where_nothing_is_shown_no_score_is_told(app):
    hold(show_after="NOTHING")
    client = signed_in(app)
    dealt = start(client).get_json()
    answer(client, dealt, 1)
    done = call(client, dealt, "handin")
    assert done["of"] == 10 and done["review"] == [] and not {"score", "points", "full"} & set(done)
    with db.begin() as session:
        row = session.query(models.Round).one()
        assert sittings.end_rounds(session, now=row.closes_at + HOUR)
        row.state = "REVIEW"
    assert "score" not in call(client, dealt, "handin")


def test_mallory_starts_nothing(app, client):
    hold()
    assert start(client).status_code == 401
    mallory = signed_in(app, "mallory")
    assert start(mallory).status_code == 404
    assert start(mallory, f"{API}/contests/khong-co/rounds/tuan-1/attempts").status_code == 404


def test_a_start_without_the_rules_accepted_or_without_json_is_refused(app):
    hold()
    client = signed_in(app)
    for body in ({}, {"rules_accepted": False}, {"rules_accepted": True, "more": 1}):
        assert client.post(START, json=body).status_code == 422
    assert client.post(START, data={"rules_accepted": "true"}).status_code == 415
    with db.read() as session:
        assert session.query(models.Attempt).count() == 0


def test_an_own_line_is_fresh_after_some_seconds(client, monkeypatch):
    monkeypatch.setattr(open_boards, "FRESH", timedelta())
    fill()
    assert len(get(client, f"/{SLUG}/board")["boards"][0]["lines"]) == 2
