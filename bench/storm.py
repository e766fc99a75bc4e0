"""A storm of answers: everybody answers every question within three seconds, and no answer is lost or counted twice.

What the phones were told is compared with what the database holds. Some phones send twice, some lose their connection
with an answer under way and send it again from a new one: as phones do. A phone that hears `again`, or nothing, sends
the same message once more.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import db
from quizapp.models import Answer
from tests.live.browser import Browser
from tests.live.server import Room, Server

SPREAD = 3.0  # seconds in which everybody answers
QUESTIONS = 20
TWICE, CUT = 0.05, 0.05  # how many send twice, how many lose their connection, of each question's answers
AT_ONCE = 20  # joining together
MOST_TRIES = 20


@dataclass
class Phone:
    """One player: the socket, the tokens, and what was acknowledged: by turn, the message's id."""

    browser: Browser
    token: str
    id: str
    acknowledged: dict[int, str] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)


def measure(players: int, questions: int = QUESTIONS) -> dict[str, float]:
    """The figures of a show with so many players and questions."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).start()
        try:
            return asyncio.run(_show(server, players, questions))
        finally:
            server.stop()


async def _show(server: Server, players: int, questions: int) -> dict[str, float]:
    room = server.new_room(questions=questions, seconds=30, seed="storm")
    chance = Random("storm")
    phones = await _enter(room, players)
    host = await Browser.open(server.address, room.ticket(room.host_token))
    counted = []
    for n in range(1, questions + 1):
        assert (await host.press("next")) == {"ok": True}
        assert (await host.press("open")) == {"ok": True}
        opened = await host.hear("turn:opened", n=n)
        await asyncio.sleep(max(0, opened["opens_at"] - opened["now"]) / 1000 + 0.05)
        turns = [(SPREAD * chance.random(), chance.random()) for _ in phones]
        await asyncio.gather(*(_answer(room, phone, opened, *turn) for phone, turn in zip(phones, turns, strict=True)))
        await host.press("lock")
        await host.hear("turn:locked", turn=opened["turn"])
        await host.press("reveal")
        counted.append((await host.hear("turn:revealed", turn=opened["turn"]))["answered"])
        for phone in phones:
            phone.browser.messages.clear()
            phone.browser.frames.clear()
    figures = _compare(server, phones, counted)
    await asyncio.gather(*(phone.browser.close() for phone in phones), host.close())
    return figures


async def _enter(room: Room, players: int) -> list[Phone]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Phone:
        async with gate:
            entered = await asyncio.to_thread(room.join, f"Người chơi {number}")
            browser = await Browser.open(room.server.address, entered["ticket"])
            await browser.hear("state")
            return Phone(browser, entered["token"], entered["player"])

    return list(await asyncio.gather(*(one(number) for number in range(players))))


async def _answer(room: Room, phone: Phone, opened: dict, after: float, how: float) -> None:
    await asyncio.sleep(after)
    m = secrets.token_hex(16)
    options = [option["o"] for option in opened["options"]]
    chosen = 1 if opened["kind"] == "number" else options if opened["kind"] == "order" else options[:1]
    begun = time.monotonic()
    if how < CUT:
        body = {"m": m, "turn": opened["turn"]} | ({"v": 1} if isinstance(chosen, int) else {"o": chosen})
        await phone.browser.raw("42/live,7777" + json.dumps(["answer", body]))
        await phone.browser.close()
        ticket = await asyncio.to_thread(room.ticket, phone.token)
        phone.browser = await Browser.open(room.server.address, ticket)
    sending = [_kept(phone.browser, opened["turn"], chosen, m) for _ in range(2 if how > 1 - TWICE else 1)]
    if all(await asyncio.gather(*sending)):
        phone.acknowledged[opened["turn"]] = m
        phone.waits.append(time.monotonic() - begun)


async def _kept(browser: Browser, turn: int, chosen: int | list[int], m: str) -> bool:
    """Send until the server says that it is kept."""
    for _ in range(MOST_TRIES):
        said = await browser.answer(turn, chosen, m)
        if said["verdict"] != "again":
            assert said["verdict"] == "kept", said
            return True
        await asyncio.sleep(0.2)
    return False


def _compare(server: Server, phones: list[Phone], counted: list[int]) -> dict[str, float]:
    """What the phones were told beside what is kept."""
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session:
        wanted = select(Answer.attempt_id, Answer.turn_id, Answer.m).where(Answer.verdict == "ok")
        kept = [(attempt_id, turn_id, m) for attempt_id, turn_id, m in session.execute(wanted)]
    engine.dispose()
    told = {(phone.id, turn, m) for phone in phones for turn, m in phone.acknowledged.items()}
    rows = Counter((attempt_id, turn_id) for attempt_id, turn_id, _ in kept)
    waits = [wait for phone in phones for wait in phone.waits]
    return {
        "players": len(phones),
        "questions": len(counted),
        "answers acknowledged": len(told),
        "lost": len(told - set(kept)),
        "doubled": sum(number - 1 for number in rows.values()),
        "kept without a word": len(set(kept) - told),
        "counted at the reveals": sum(counted),
        "acknowledged after, median ms": statistics.median(waits) * 1000,
        "acknowledged after, p99 ms": statistics.quantiles(waits, n=100)[98] * 1000,
    }
