"""A viewer of a stream in a real browser, and what can be measured there.

Frames are known by the strip in them, questions by when they stood on the page, messages by when the socket held them.
All moments are the machine's clock, in milliseconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page, Response

REACTION = 250  # between seeing a frame and touching the glass
FAST_ENOUGH = {"offline": False, "latency": 150, "downloadThroughput": 800_000 / 8, "uploadThroughput": 200_000 / 8}
STARVED = {**FAST_ENOUGH, "downloadThroughput": 1_500}

# Every message of a socket, and every question that becomes visible, with its moment.
LISTEN = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const Real = window.WebSocket;
  Object.assign(window, { heard: [], stems: {}, options: {}, frames: [] });
  window.WebSocket = class extends Real {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", ({ data }) => typeof data === "string" && window.heard.push([now(), data]));
    }
  };
  const look = () => {
    const stem = document.querySelector("[data-stem]");
    const words = stem && stem.offsetParent !== null && stem.textContent.trim();
    if (!words) return;
    window.stems[words] = window.stems[words] || now();
    const options = document.querySelector("[data-options]");
    if (options && options.offsetParent !== null && options.childElementCount) {
      window.options[words] = window.options[words] || now();
    }
  };
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document, all);
})();
"""

# Every frame of the page's video as it is presented: the moment in its strip, and the moment on screen.
READ_FRAMES = """
async (barcode) => {
  const { decode, HEIGHT, STRIP } = await import(barcode);
  const video = document.querySelector("video");
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const look = (shown) => {
    const { videoWidth: wide, videoHeight: tall } = video;
    const upper = Math.ceil(((STRIP.y + STRIP.height) / HEIGHT) * tall);
    Object.assign(pen.canvas, { width: wide, height: upper });
    pen.drawImage(video, 0, 0);
    const sent = decode(pen.getImageData(0, 0, wide, upper), tall);
    if (sent !== null) window.frames.push([sent, performance.timeOrigin + shown]);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}
"""

COUNT_CACHED = """
async () => {
  const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  return (await Promise.all(stores.map((store) => store.keys()))).flat().length;
}
"""


@dataclass
class Viewer:
    """Somebody who plays beside the picture: so many seconds behind, or (`None`) with no picture on this device."""

    name: str
    behind: float | None
    slow: bool = False
    page: Page = field(init=False)
    context: BrowserContext = field(init=False)
    loaded: list[tuple[float, str]] = field(default_factory=list)

    async def enter(self, browser: Browser, site: str, code: str) -> None:
        """Come into the room, as people do."""
        self.context = await browser.new_context(viewport={"width": 390, "height": 844})
        await self.context.add_init_script(LISTEN)
        self.page = await self.context.new_page()
        self.page.on("response", lambda answer: asyncio.ensure_future(self._keep(answer)))
        await self.page.goto(f"{site}/phong/{code}")
        if await self.page.locator("#name").count():
            await self.page.fill("#name", self.name)
        await self.page.locator("form button.go").first.click()
        await self.page.locator("[data-view=LOBBY]").wait_for()
        await self.page.wait_for_function("() => window.heard.some(([, data]) => data.includes('stream:sync'))")

    async def watch(self, barcode: str) -> None:
        """Open the picture and fall back to where this viewer is."""
        assert self.behind is not None
        await self.page.locator("[data-watch]").click()
        await self.page.wait_for_function("() => (document.querySelector('video') || {}).currentTime > 0.5")
        await self.page.evaluate(READ_FRAMES, barcode)
        await self.page.wait_for_function("() => window.frames.length > 10")
        late = await self.latency() / 1000
        if late > self.behind:
            await self._catch_up()
        else:
            await self.page.evaluate("by => { document.querySelector('video').currentTime -= by }", self.behind - late)
        if self.slow:
            await self._line(FAST_ENOUGH)

    async def latency(self) -> float:
        """How late the frame on screen is."""
        sent, seen = await self.page.evaluate("() => window.frames[window.frames.length - 1]")
        return float(seen - sent)

    async def starve(self, seconds: float) -> None:
        """Cut the line down for a while, so that the picture stalls."""
        await self._line(STARVED)
        await asyncio.sleep(seconds)
        await self._line(FAST_ENOUGH)

    async def after_cue(self, cue: float, moment: float) -> float:
        """How far a moment on this screen is from the cue's frame: the first one that was sent at the cue or later.

        After it, the time since it was shown; before it, how much of the programme was still missing.
        """
        find = """([cue, moment]) => {
          const first = window.frames.find(([sent]) => sent >= cue);
          const shown = window.frames.filter(([, seen]) => seen <= moment);
          if (!first || !shown.length) return null;
          const sent = shown[shown.length - 1][0];
          return sent < cue ? sent - cue : moment - first[1];
        }"""
        far = await self.page.evaluate(find, [cue, moment])
        return float("nan") if far is None else float(far)

    async def tap_at(self, moment: float) -> None:
        """Touch the screen as somebody does who sees the yellow frame at that moment, on another device."""
        press = "at => setTimeout(() => document.querySelector('[data-tap]').click(), at - Date.now())"
        await self.page.evaluate(press, moment + REACTION)

    async def seen(self, what: str, stem: str) -> float:
        """When a question's stem (`stems`) or its options (`options`) first stood on the page."""
        found = await self.page.evaluate("([what, stem]) => window[what][stem] ?? null", [what, stem])
        return float("nan") if found is None else float(found)

    async def held(self, words: str) -> float:
        """When this page first held these words, by its socket or by any answer of the server."""
        heard = await self.page.evaluate("() => window.heard")
        return min((moment for moment, text in [*heard, *self.loaded] if words in text), default=float("nan"))

    async def heard(self, name: str, turn: int) -> float:
        """When the socket first brought this message of a turn."""
        heard = await self.page.evaluate("() => window.heard")
        bodies = [(moment, _message(data)) for moment, data in heard]
        return min((moment for moment, (said, of) in bodies if (said, of) == (name, turn)), default=float("nan"))

    async def cached(self) -> int:
        """How many answers the browser keeps in a cache that scripts can read."""
        return int(await self.page.evaluate(COUNT_CACHED))

    async def _catch_up(self) -> None:
        """Play a little faster until the picture is as near as it should be, or as near as it can."""
        await self.page.evaluate("() => { document.querySelector('video').playbackRate = 1.2 }")
        until = time.monotonic() + 12
        while await self.latency() / 1000 > self.behind and time.monotonic() < until:
            await asyncio.sleep(0.1)
        await self.page.evaluate("() => { document.querySelector('video').playbackRate = 1 }")

    async def _line(self, conditions: dict[str, Any]) -> None:
        session = await self.context.new_cdp_session(self.page)
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", conditions)

    async def _keep(self, answer: Response) -> None:
        kind = answer.headers.get("content-type", "")
        if "html" in kind or "json" in kind:
            moment = time.time() * 1000
            with contextlib.suppress(Error):  # a redirect has no body
                said = json.dumps(await answer.json(), ensure_ascii=False) if "json" in kind else await answer.text()
                self.loaded.append((moment, html.unescape(said)))


def _message(data: str) -> tuple[str, int]:
    """The name and turn of a message of the room, or nothing."""
    start = data.find("[")
    if not data.startswith("42") or start < 0:
        return "", 0
    name, *body = json.loads(data[start:])
    return name, body[0].get("turn", 0) if body and isinstance(body[0], dict) else 0
