"""A small room of a contest's round over real sockets: from the first question over the prediction to attempts handed
in."""

import asyncio
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules import contest as rulebook
from quizapp.services import contest_rooms, entering
from quizapp.services.tokens import Mint
from tests import make, played
from tests.live.browser import Browser
from tests.live.server import Room

HOUR = timedelta(hours=1)


@contextmanager
def writing(server):
    """A step in the server's own database, beside it."""
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


def contest_room(server, *names):
    """The room of a round of two questions with a prediction after the first; gives it with the tokens of these."""
    now = datetime.now(UTC)
    rules = make.live_rules(
        questions=2,
        part={"seconds": 60, "prediction_after": 1},
        prediction=rulebook.Prediction(target="P_LIVE", prediction_scope="PER_ROUND_FIRST"),
        opens_at=now - HOUR,
        closes_at=now + HOUR,
    )
    secret = (server.folder / "secrets.env").read_text().split("SECRET_KEY=")[1].split()[0]
    with writing(server) as session:
        host = models.Person(name="Hana", password_hash="", made_at=now)
        session.add(host)
        session.flush()
        contest = make.contest(session, (rules,), slug=f"thi-{secrets.token_hex(4)}", owner=host)
        row = contest.rounds[0]
        make.committed(session, row, make.question("truc-tiep-1"), make.question("truc-tiep-2"))
        row.state = "OPEN"
        signed_in = models.SignIn(person_id=host.id, token_hash=secrets.token_hex(8), made_at=now, seen_at=now)
        session.add(signed_in)
        session.flush()
        show = contest_rooms.make(session, make.VAULT, contest, row, contest_rooms.Wish(), host.id, now=now)
        tokens = {}
        for name in names:
            person = played.registered(session, contest, name)
            tokens[name] = entering.enter(session, make.VAULT, show, person.person_id, now=now)[1]
        room = Room(server, show.code, Mint([secret]).room_token("host", show.id, signed_in.id))
    return room, tokens


def attempts(server, room):
    with writing(server) as session:
        show = session.query(models.Show).filter_by(code=room.code).one()
        rows = session.query(models.Attempt).filter_by(show_id=show.id).all()
        return {row.name: (row.score, row.answered, row.connected, row.handed_in_at is not None) for row in rows}


async def ask(host, n, answers):
    """One question until its answers are out; `answers` hold for each browser an option."""
    assert await host.press("next") == {"ok": True}
    assert await host.press("open") == {"ok": True}
    opened = await host.hear("turn:opened", n=n)
    await asyncio.sleep(max(0, opened["opens_at"] - opened["now"]) / 1000 + 0.05)
    for browser, option in answers.items():
        assert (await browser.answer(opened["turn"], [option]))["verdict"] == "kept"
        await asyncio.sleep(0.25)  # more than a step of response time, so that nobody shares a place
    assert await host.press("lock") == {"ok": True}
    await host.hear("turn:locked", turn=opened["turn"])
    assert await host.press("reveal") == {"ok": True}
    assert await host.press("board") == {"ok": True}


def test_a_room_of_a_contest_from_the_first_question_to_attempts_handed_in(server):
    async def story():
        room, tokens = contest_room(server, "Ada", "Bob", "Lan")
        host = await Browser.open(server.address, room.ticket(room.host_token))
        ada, bob, lan = [await Browser.open(server.address, room.ticket(token)) for token in tokens.values()]
        await asyncio.gather(*(browser.hear("state") for browser in (ada, bob, lan)))

        await ask(host, 1, {bob: 1, ada: 1, lan: 2})  # 1 is right; Bob is the first
        board = await ada.hear("board", of=3)
        assert [(line["name"], line["correct"]) for line in board["top"]] == [("Bob", 1), ("Ada", 1), ("Lan", 0)]
        assert all("distance" not in line for line in board["top"])  # nobody knows the number yet

        assert await host.press("next") == {"ok": True}
        asked = await ada.hear("prediction:opened", target="P_LIVE")
        assert asked["question"].startswith("Có bao nhiêu người đang ở trong phòng thi")
        m = secrets.token_hex(16)
        assert await ada.emit("predict", {"m": m, "v": 2}) == {"verdict": "kept", "v": 2}
        assert await ada.emit("predict", {"m": m, "v": 2}) == {"verdict": "kept", "v": 2}
        assert await ada.emit("predict", {"m": secrets.token_hex(16), "v": 9}) == {"verdict": "twice", "v": 2}
        assert (await bob.emit("predict", {"m": secrets.token_hex(16), "v": 7}))["verdict"] == "kept"
        assert await host.press("lock") == {"ok": True}
        await bob.hear("prediction:closed")

        await lan.close()  # and is gone when the last question locks
        bob.messages.clear()  # the boards heard so far
        await ask(host, 2, {bob: 1, ada: 1})
        last = await bob.hear("board", of=3)
        assert [(line["rank"], line["name"], line.get("distance")) for line in last["top"]] == [
            (1, "Ada", 0),
            (2, "Bob", 5),
            (3, "Lan", None),
        ]
        assert (await ada.hear("you", correct=True))["rank"] == 1
        assert await host.press("end") == {"ok": True}
        await ada.hear("show:ended")
        assert attempts(server, room) == {
            "Ada": (2, 2, True, True),
            "Bob": (2, 2, True, True),
            "Lan": (0, 1, False, True),
        }
        for browser in (host, ada, bob):
            await browser.close()

    asyncio.run(story())
