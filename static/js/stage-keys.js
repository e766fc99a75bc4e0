/** The keys of the stage. Four of them lead the show, where the host is signed in; the others change this screen only. */

import { join } from "./live.js";
import { toggleCode } from "./stage-screen.js";
import { word } from "./words.js";

const SHOWN_FOR = 6000; // a refusal
const SECONDS_TO_CANCEL = 3;
const GUARDED = ["lock", "skip", "end"]; // nothing takes these back, so another press within three seconds stops them
const IN_ORDER = ["resume", "open", "lock", "reveal", "predict", "board", "next", "end"];

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
  let counting = null;
  let fading = 0;

  const tell = (text, fades) => {
    clearTimeout(fading);
    one("host-line").hidden = !text;
    one("host-line").textContent = text;
    if (fades) fading = setTimeout(tell, SHOWN_FOR, "");
  };

  const live = join({
    code,
    token,
    on: {
      connected: () => {},
      lost: () => stop(),
      refused: () => {},
      "host:state": (body) => {
        if (counting && (body.phase !== at.phase || body.turn_n !== at.turn_n)) stop();
        at = body;
      },
    },
  });

  const send = async (name) => {
    try {
      const reply = await live.request("host", { do: name });
      tell(reply.refused ? reply.reason : "", true);
    } catch {
      tell(word("unheard"), true);
    }
  };

  const stop = () => {
    if (!counting) return;
    clearInterval(counting);
    counting = null;
    tell("");
  };

  const press = (name) => {
    if (!name) return undefined;
    if (!GUARDED.includes(name)) return send(name);
    let left = SECONDS_TO_CANCEL;
    tell(word(`soon-${name}`, { n: left }));
    counting = setInterval(() => {
      left -= 1;
      if (left > 0) return tell(word(`soon-${name}`, { n: left }));
      stop();
      return send(name);
    }, 1000);
    return undefined;
  };

  /** What a key presses now; any of them stops what is counted down. */
  const keys = {
    next: () => at.next || IN_ORDER.find((name) => at.can.includes(name)),
    pause: () => (at.paused ? "resume" : "pause"),
    reveal: () => "reveal",
    board: () => "board",
  };
  return (key) => (counting ? stop() : press(keys[key]()));
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
