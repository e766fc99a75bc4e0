/** The keys of the stage. Four of them lead the show, where the host is signed in; the others change this screen only. */

import { join } from "./live.js";
import { presser } from "./press.js";
import { toggleCode } from "./stage-screen.js";
import { word } from "./words.js";

const SHOWN_FOR = 6000;

const one = (name) => document.querySelector(`[data-${name}]`);
const root = document.documentElement;

const SCREEN_KEYS = {
  t: () => theme(root.dataset.theme === "dark" ? "light" : "dark"),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
  h: toggleCode,
  "?": () => {
    one("keys").hidden = !one("keys").hidden;
  },
  escape: () => {
    one("keys").hidden = true;
  },
};

const theme = (name) => {
  root.dataset.theme = name;
  try {
    localStorage.setItem("stage theme", name);
  } catch {
    // a browser that keeps nothing still changes the theme
  }
};

/** Lead the room `code` from here: what each key presses. The connection is one of its own, so the stage stays a viewer. */
const leading = (code, token) => {
  let at = { can: [] };
  let fading = 0;

  const tell = (text) => {
    clearTimeout(fading);
    one("host-line").hidden = !text;
    one("host-line").textContent = text || "";
    fading = setTimeout(tell, SHOWN_FOR, "");
  };

  const named = (name) => word(`do-${name}`);

  const presses = presser({
    request: (...message) => live.request(...message),
    refused: tell,
    named,
    draw: () => {
      const now = presses.counting();
      tell(now ? word("counting", { what: named(now.name), n: now.left }) : "");
    },
  });

  const live = join({
    code,
    token,
    on: {
      connected: () => {},
      lost: presses.cancel,
      refused: () => {},
      "host:state": (body) => {
        if (body.phase !== at.phase || body.turn_n !== at.turn_n) presses.cancel();
        at = body;
      },
    },
  });

  const KEYS = {
    next: () => at.next,
    pause: () => (at.paused ? "resume" : "pause"),
    reveal: () => "reveal",
    board: () => "board",
  };

  /** What a key presses now; while something counts down, any of them stops it. */
  return (key) => {
    if (presses.counting()) return presses.stop();
    const name = KEYS[key]();
    return name ? presses.press(name) : tell(word("wait"));
  };
};

const HOST_KEYS = { " ": "next", arrowright: "next", p: "pause", r: "reveal", l: "board" };

/** Listen to the keys. */
export const listen = (code) => {
  const { hostToken } = document.body.dataset;
  const lead = hostToken ? leading(code, hostToken) : null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const key = event.key.toLowerCase();
    if (SCREEN_KEYS[key]) return void SCREEN_KEYS[key]();
    if (!lead || !HOST_KEYS[key]) return;
    event.preventDefault();
    lead(HOST_KEYS[key]);
  });
  try {
    root.dataset.theme = localStorage.getItem("stage theme") || "light";
  } catch {
    root.dataset.theme = "light";
  }
};
