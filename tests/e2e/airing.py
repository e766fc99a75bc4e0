"""Rooms with more than questions: a contest's round with its prediction and watch word, a stream beside a show, and a
game that ends for whoever errs. Each is brought to a moment by the database, as the clock and a host would."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from quizapp import db
from quizapp.rules.contest import Prediction
from quizapp.services import contest_rooms, contests, demo, watch_words
from tests import make
from tests.e2e import records
from tests.e2e.contests import enter, vault_of

HOUR = timedelta(hours=1)
WORD = "Quyền lợi mới"
YOUTUBE = {"provider": "youtube", "id": "abcdefghijk", "latency_ms": 8000}


def round_room(server, registered=("ada",), asks=True):
    """The room of a live round that is open now, with these of the demo's people registered; its code. The prediction
    is asked for the next hour, if at all."""
    vault, now = vault_of(server), datetime.now(UTC)
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        rules = make.live_rules(
            opens_at=now - HOUR,
            closes_at=now + 3 * HOUR,
            prediction=Prediction(target="P_LIVE", prediction_scope="PER_ROUND_FIRST"),
            part={"prediction_after": 0, "watch_word_until": now + HOUR, "reserves": 0},
        )
        hana = demo.find(session, vault, "hana")
        slug = f"truc-tiep-{secrets.token_hex(4)}"
        contest = contests.create(session, vault, slug, make.contest_rules((rules,)), None, now=now - HOUR)
        contest.published_at = now - HOUR
        row = contest.rounds[0]
        row.state = "OPEN"
        contest_rooms.set_paper(session, vault, contest, row, hana.id, now=now - HOUR)
        show = contest_rooms.make(session, vault, contest, row, contest_rooms.Wish(), hana.id, now=now - HOUR)
        watch_words.set_word(session, vault, contest, row, WORD, hana.id, now=now)
        for who in registered:
            enter(session, vault, contest, demo.find(session, vault, who))
        if asks:
            show.predicting_at, show.predicting_until = now, now + HOUR
        code = show.code
    engine.dispose()
    return code


def predicting(page, server):
    """The way to the prediction."""
    page.goto(f"/phong/{round_room(server)}")
    page.locator("main button.go").first.click()
    page.locator("[data-view=PREDICTION]").wait_for()


def with_watch_word(page, server):
    """The way to a lobby that asks for the watch word."""
    page.goto(f"/phong/{round_room(server, asks=False)}")
    page.locator("main button.go").first.click()
    page.locator("#word").wait_for()


def beside_stream(page, server, **settings):
    """The way to a lobby beside a stream of somebody else's; its room."""
    room = records.new_room(server, ["one"], **settings)
    records.change(server, "UPDATE show SET stream = ? WHERE code = ?", json.dumps(YOUTUBE), room.code)
    page.goto(f"/phong/{room.code}")
    page.locator("[name=name]").fill("Ada")
    page.keyboard.press("Enter")
    page.locator("[data-stream]").wait_for()
    return room


def beside_stream_with_its_ways(page, server):
    """The same with everything unfolded."""
    beside_stream(page, server)
    page.locator("[data-more] > summary").click()
