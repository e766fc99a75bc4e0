"""Two rounds that differ only in their keys send the same bytes until the hand-in, and where nothing is shown after it,
until the closing; random ids and moments aside (fairness §12.1, contest-rules §19.1)."""

import json
import re
from datetime import timedelta

import pytest

from quizapp import clock, create_app, db, models
from quizapp.services import contests, open_boards, round_papers
from tests import make
from tests.web.test_contest import PASSWORD, PHONES, ROUND, SLUG

NOW = clock.now()  # both runs stand still at this moment
PASSING = [
    (re.compile(r"\b[0-9a-f]{32}\b"), "ID"),
    (re.compile(r'("token": ?"|name="csrf_token" value="|nonce=")[^"]+'), r"\1…"),
]


def plain(text):
    for pattern, instead in PASSING:
        text = pattern.sub(instead, text)
    return text


def run(app, key, **changes):
    """Everything that reaches ada while she sits, with this key for every question; then her result."""
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}", key=key) for n in range(1, 41)))
        ada = make.person(session)
        rules = make.round_rules(opens_at=NOW - timedelta(hours=1), closes_at=NOW + timedelta(days=1), **changes)
        contest = make.contest(session, (rules,))
        round_papers.commit(session, make.VAULT, contest, contest.rounds[0], now=NOW)
        who = make.contestant(session, contest, who=ada, name="Lê Thị Ada")
        who.code = contests.code(b"P" * 32, SLUG, "00" * 16)  # the same person, so to speak
    open_boards._kept.clear()
    client = app.test_client()
    client.post("/dang-nhap", data={"login": PHONES["ada"], "password": PASSWORD})
    heard = []

    def hear(reply):
        heard.append(
            (reply.status_code, plain(reply.get_data(as_text=True)), len(reply.data), plain(reply.location or ""))
        )
        return reply

    def look():
        for path in ("/", f"/cuoc-thi/{SLUG}", ROUND, f"{ROUND}/bang-xep-hang", f"/cuoc-thi/{SLUG}/cua-toi"):
            hear(client.get(path))
        for path in ("", f"/{SLUG}", f"/{SLUG}/board"):
            hear(client.get(f"/api/v1/contests{path}"))

    look()
    id = hear(client.post(f"{ROUND}/bat-dau", data={"ok": "y"})).location.rpartition("/")[2]
    with db.read() as session:
        paper = session.get(models.Attempt, id).paper
    for n, place in enumerate(paper, 1):
        hear(client.get(f"/thi/{id}?cau={n}"))
        message = {"m": f"{n:032x}", "q": place["q"], "o": [1]}
        hear(client.post(f"/thi/{id}/dap-an", json=message))
        hear(client.post(f"/thi/{id}/dap-an", json=message))
        hear(client.post(f"/thi/{id}/cau/{n}", data={"o": 2 if n % 3 else 1}))
    hear(client.get(f"/thi/{id}/xem-lai"))
    hear(client.post(f"/thi/{id}/du-doan", data={"so": "4312", "luu": "4312"}))
    look()
    until = len(heard)
    hear(client.post(f"/thi/{id}/nop-bai"))
    hear(client.get(f"/thi/{id}/ket-qua"))
    look()
    return heard[:until], heard[until:]


@pytest.fixture
def twice(tmp_path, config, monkeypatch):
    """Runs the same story twice, in databases of their own, with two keys."""

    def run_twice(**changes):
        found = []
        for n, key in enumerate([(1,), (2,)]):
            monkeypatch.setattr(clock, "now", lambda: NOW)
            settings = config.__class__(**{**config.__dict__, "database_url": f"sqlite:///{tmp_path / f'{n}.sqlite3'}"})
            app = create_app(settings)
            app.config["WTF_CSRF_ENABLED"] = False
            models.Base.metadata.create_all(db.engine())
            found.append(run(app, key, **changes))
        return found

    return run_twice


def test_until_the_hand_in_nothing_depends_on_the_key_and_then_the_score_does(twice):
    (before, after), (other_before, other_after) = twice(board="TOP")
    assert len(before) > 50 and before == other_before
    assert after != other_after  # the comparison sees what it should


def test_where_nothing_is_shown_even_the_result_does_not_depend_on_the_key(twice):
    (before, after), (other_before, other_after) = twice(show_after="NOTHING", board="TOP")
    assert before == other_before and after == other_after


def test_no_message_names_a_key(twice):
    (before, after), _ = twice()
    told = json.dumps(before + after)
    for secret in ('\\"key\\":[', "Đáp án đúng", "Vì Luật quy định", '\\"right\\"'):
        assert secret not in told
