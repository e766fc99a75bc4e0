"""A live round beside a real HLS stream: three viewers 3, 10 and 14 s behind, the last on a slow line that stalls, and
one who watches on another device and taps. How far apart are a cue's frame and its question on each screen, who held
what before its time, and did the key wait for the slowest?

Everything is the product's own: its trial stream, its monitor, its player pages in Chromium. Positive figures are
milliseconds after, negative ones before.
"""

from __future__ import annotations

import asyncio
import math
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser as Chromium
from playwright.async_api import async_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.watching import Viewer
from quizapp import db
from quizapp.models import Attempt, Lag, Show, Turn
from quizapp.rules.stream import LANE_MS, lane
from quizapp.rules.timing import GRACE
from quizapp.services import streams
from tests.live.browser import Browser
from tests.live.server import Room, Server
from tests.programs import ROOT, find

QUESTIONS, SECONDS = 3, 12
HISTORY = 18  # seconds of stream before anybody watches: somebody will be 14 s behind
STARVED_S = 15  # all that is kept in hand is used up, and the picture stands still for a while
TRIAL = "/phat-thu/thu/index.m3u8"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIET += ["--disable-sync", "--no-first-run", "--autoplay-policy=no-user-gesture-required"]
TAPS = "TV and phone, tap"
GRACE_MS = GRACE.total_seconds() * 1000


@dataclass(frozen=True)
class Asked:
    """One question as it was put, in milliseconds of the server's clock, and how late each viewer was counted."""

    turn: int
    stem: str
    words: str  # some of the stem, and some of an option, that nothing has to escape
    option: str
    reading_at: float
    opens_at: float
    closes_at: float
    latency: dict[str, int]


def measure(players: int) -> dict[str, float]:
    """The figures of a round of three questions; the number of players plays no part."""
    chromium, ffmpeg = find("chromium"), find("ffmpeg")
    if chromium is None or ffmpeg is None:
        print("Chromium or ffmpeg is not installed (`make services` installs them): nothing measured.")
        return {}
    with tempfile.TemporaryDirectory() as folder:
        media = [sys.executable, ROOT / "bin" / "stream.py", "--instance", folder, "--seconds", "400"]
        sending = subprocess.Popen(media)
        begun = time.monotonic()
        server = Server(Path(folder))
        try:
            server.start()
            time.sleep(max(0.0, begun + HISTORY - time.monotonic()))
            return asyncio.run(_round(server, str(chromium)))
        finally:
            server.stop()
            sending.terminate()
            sending.wait(timeout=20)


async def _round(server: Server, chromium: str) -> dict[str, float]:
    room = server.new_room(QUESTIONS, seed="stream", seconds=SECONDS, scoring="FLAT")
    with _rows(server) as session:
        show = session.scalars(select(Show).where(Show.code == room.code)).one()
        streams.put(session, show, TRIAL, None, server.address)
        session.commit()
    viewers = [
        Viewer("3 s behind, pdt", 3),
        Viewer("10 s behind, pdt", 10),
        Viewer("14 s, slow line, pdt", 14, slow=True),
        Viewer(TAPS, None),
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        async with _host(server, room) as host:
            offset = await _measured_offset(browser, server, room)
            barcode = await _script(server, room, "barcode.js", browser)
            for viewer in viewers:
                await viewer.enter(browser, server.address, room.code)
                if viewer.behind is not None:
                    await viewer.watch(barcode)
            await asyncio.sleep(7)  # a page says how late it is at most every five seconds
            for n in range(QUESTIONS):
                await _put(server, room, host, viewers, n)
            asked = _asked(server, room, viewers)
            await asyncio.sleep(2 + max(asked[-1].latency.values()) / 1000)
        figures = {"offset measured by the monitor, ms": offset, **await _figures(viewers, asked)}
        await browser.close()
    return figures


@asynccontextmanager
async def _host(server: Server, room: Room) -> AsyncIterator[Browser]:
    host = await Browser.open(server.address, room.ticket(room.host_token))
    yield host
    await host.close()


async def _measured_offset(browser: Chromium, server: Server, room: Room) -> float:
    """Let the monitor look at the stream until it has measured the offset."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{server.address}/phong/{room.code}/dieu-khien?khoa={room.host_token}", wait_until="commit")
    await page.goto(f"{server.address}/phong/{room.code}/giam-sat")
    await page.locator("[data-open]").click()
    for _ in range(200):
        with _rows(server) as session:
            offset = session.scalars(select(Show.offset_ms).where(Show.code == room.code)).one()
        if offset is not None:
            await context.close()
            return float(offset)
        await asyncio.sleep(0.1)
    raise AssertionError("the monitor measured nothing")


async def _script(server: Server, room: Room, name: str, browser: Chromium) -> str:
    """The address of a script as the pages of this server name it."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{server.address}/phong/{room.code}")
    source = await page.locator("script[type=module]").first.get_attribute("src")
    await context.close()
    return f"{str(source).rsplit('/', 1)[0]}/{name}"


async def _put(server: Server, room: Room, host: Browser, viewers: list[Viewer], n: int) -> None:
    """One question from its reading to its key; the slow line stalls, and the tap comes with the first one."""
    await host.press("next")
    await host.hear("turn:reading", n=n + 1)
    opened = await host.hear("turn:opened", n=n + 1)
    if n == 0:
        await viewers[3].tap_at(opened["opens_at"] + await viewers[1].latency())
    jobs = [viewers[2].starve(STARVED_S)] if n == 1 else []
    await asyncio.gather(*jobs, _reveal(host, opened["turn"]))


async def _reveal(host: Browser, turn: int) -> None:
    """Press until the key may be revealed: while somebody can still answer, the press is refused."""
    await host.hear("turn:locked", turn=turn)
    while (await host.press("reveal")).get("refused"):
        await asyncio.sleep(0.1)


def _asked(server: Server, room: Room, viewers: list[Viewer]) -> list[Asked]:
    with _rows(server) as session:
        entered = select(Attempt.id).join(Show).where(Show.code == room.code).order_by(Attempt.started_at)
        who = dict(zip(session.scalars(entered), viewers, strict=True))  # names may be given by the room
        rows = session.scalars(select(Turn).join(Show).where(Show.code == room.code).order_by(Turn.n)).all()
        lags = session.execute(select(Lag.turn_id, Lag.attempt_id, Lag.latency_ms)).all()
        return [
            Asked(
                row.id,
                row.content["stem"]["vi"],
                _longest([row.content["stem"]["vi"]]),
                _longest([option["vi"] for option in row.content["options"]]),
                *(moment.timestamp() * 1000 for moment in (row.reading_at, row.opens_at, row.closes_at)),
                {who[id].name: latency for turn, id, latency in lags if turn == row.id},
            )
            for row in rows
        ]


def _longest(texts: list[str]) -> str:
    """The longest stretch that nothing has to escape; "" where all are so short that a page may hold them anyway."""
    found = max((part for text in texts for part in re.split(r"[\"'&<>\\]", text)), key=len, default="")
    return found if len(found) > 15 else ""


async def _figures(viewers: list[Viewer], asked: list[Asked]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for viewer in viewers:
        screen = viewers[1] if viewer.behind is None else viewer  # the TV is the one 10 s behind
        after = asked[1:] if viewer.behind is None else asked  # the tap came with the first question
        apart = [
            await screen.after_cue(cue, await viewer.seen(what, one.stem))
            for one in after
            for what, cue in (("stems", one.reading_at), ("options", one.opens_at))
        ]
        early = [
            await viewer.held(words) - _lane_opens(cue, one, viewer)
            for one in asked
            for words, cue in ((one.words, one.reading_at), (one.option, one.opens_at))
            if words
        ]
        keys = [await viewer.heard("turn:revealed", one.turn) - _slowest_closes(one) for one in asked]
        figures |= {
            f"{viewer.name}: counted as late as, ms": asked[-1].latency[viewer.name],
            f"{viewer.name}: question after its frame, least ms": _least(apart),
            f"{viewer.name}: question after its frame, most ms": -_least([-one for one in apart]),
            f"{viewer.name}: held after its lane opened, least ms": _least(early),
            f"{viewer.name}: key after the slowest closed, least ms": _least(keys),
            f"{viewer.name}: kept in caches": await viewer.cached(),
        }
    return figures


def _lane_opens(moment: float, one: Asked, viewer: Viewer) -> float:
    return moment + LANE_MS * lane(one.latency[viewer.name])


def _slowest_closes(one: Asked) -> float:
    return one.closes_at + max(one.latency.values()) + GRACE_MS


def _least(figures: list[float]) -> float:
    return next((one for one in figures if math.isnan(one)), min(figures))


def _rows(server: Server) -> Session:
    return Session(db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}"), expire_on_commit=False)
