/** The screen of the hall: follows the room as a viewer; on a lost connection it keeps what it shows. */

import { countdown } from "./countdown.js";
import { join } from "./live.js";
import { keyOf, openLines, resultLines } from "./result.js";
import * as screen from "./stage-screen.js";
import { say } from "./say.js";
import { word } from "./words.js";

const SHOWN_LOSS = 2000;

const { code, token } = document.body.dataset;
const first = JSON.parse(document.querySelector("script[data-first]").textContent);

let phase = first.state.phase;
let turn = null;
let onScreen = null; // the turn whose options are being shown
let stop = () => {};
let loss = 0;
let last = null; // the newest board

const live = join({
  code,
  token,
  serverNow: first.state.now,
  on: {
    connected: () => {
      clearTimeout(loss);
      screen.lost(false);
    },
    lost: () => {
      loss = setTimeout(screen.lost, SHOWN_LOSS, true);
    },
    refused: () => screen.lost(true),
    state: (body) => state(body),
    lobby: screen.lobby,
    "turn:reading": (body) => {
      if (!turn || turn.turn !== body.turn) screen.notice("");
      reading(body);
    },
    "turn:opened": (body) => opened(body),
    "turn:count": (body) => turn && body.turn === turn.turn && screen.count(body),
    "turn:locked": () => locked(),
    "turn:revealed": (body) => revealed({ ...turn, ...body }),
    board: (body) => {
      halt();
      screen.board(body, { n: turn ? turn.n : 0, final: phase === "FINISHED" });
      last = body;
    },
    notice: ({ text }) => screen.notice(text),
    "show:ended": () => {
      phase = "FINISHED";
      halt();
      screen.notice("");
      if (last) screen.board(last, { n: turn ? turn.n : 0, final: true });
    },
  },
});

const halt = () => {
  stop();
  stop = () => {};
};

const state = ({ phase: present, turn: asked, joined }) => {
  phase = present;
  screen.count({ joined });
  if (asked) turn = { ...turn, ...asked };
  if (present === "LOBBY") screen.view("LOBBY");
  else if (present === "READING" && !asked.options) reading(asked);
  else if (present === "READING" || present === "OPEN") opened(asked);
  else if (present === "LOCKED") {
    begin(asked);
    locked();
  } else if (present === "REVEAL") revealed(asked);
};

/** The question becomes the present one; its count starts anew. */
const begin = (asked) => {
  halt();
  const fresh = !turn || turn.turn !== asked.turn;
  turn = asked;
  onScreen = null;
  if (fresh) screen.count({ answered: 0 });
  screen.question(turn);
};

/** Let the ring run from `from` to `until`. */
const run = (from, until, over) => {
  const total = until - from;
  const draw = (left) => screen.arc(left / total);
  stop = countdown(screen.ring, { closesAt: until, now: live.now, draw, over });
};

const reading = (asked) => {
  phase = "READING";
  begin(asked);
  screen.foot(word(asked.opens_at === null ? "held" : "read"));
  screen.ring.hidden = asked.opens_at === null;
  if (asked.opens_at === null) return;
  screen.ringWord(word("to-open"), true);
  run(asked.now, asked.opens_at);
};

/** The options are here; they are shown at their instant. For a question that is open, only its end has changed. */
const opened = (asked) => {
  const early = asked.opens_at - live.now();
  if (early > 0 && (!turn || turn.turn !== asked.turn || turn.kind === undefined)) reading(asked);
  if (early <= 0) return open(asked);
  const timer = setTimeout(open, early, asked);
  const before = stop;
  stop = () => {
    before();
    clearTimeout(timer);
  };
  return undefined;
};

const open = (asked) => {
  if (onScreen !== asked.turn) {
    begin(asked);
    onScreen = turn.turn;
    screen.options(openLines(turn), { kind: turn.kind });
    if (turn.kind === "number") screen.ask(word("type"));
    screen.foot(word(document.body.dataset.mayChange ? "may-change" : "open"));
    say(word("open"));
  }
  phase = "OPEN";
  halt();
  turn = { ...turn, ...asked };
  screen.ring.hidden = false;
  screen.ringWord(word("seconds"), false);
  run(turn.opens_at, turn.closes_at, () => screen.foot(word("over")));
};

const locked = () => {
  phase = "LOCKED";
  halt();
  if (turn.options) screen.options(openLines(turn), { kind: turn.kind });
  screen.ring.hidden = true;
  screen.foot(word("over"));
};

const revealed = (asked) => {
  phase = "REVEAL";
  begin(asked);
  screen.options(resultLines(turn), { revealed: true, kind: turn.kind });
  screen.result(turn, keyOf(turn));
};

/** Keys of the stage: anybody may press them, they change this screen only. */
const KEYS = {
  t: () => {
    const root = document.documentElement.dataset;
    root.theme = root.theme === "dark" ? "light" : "dark";
    localStorage.setItem("stage theme", root.theme);
  },
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  h: () => {
    for (const part of document.querySelectorAll("[data-code-shown]")) part.hidden = !part.hidden;
  },
  "?": () => {
    const keys = document.querySelector("[data-keys]");
    keys.hidden = !keys.hidden;
  },
};

document.addEventListener("keydown", (event) => {
  const press = KEYS[event.key.toLowerCase()];
  if (press && !event.ctrlKey && !event.altKey && !event.metaKey) press();
});

document.documentElement.dataset.theme = localStorage.getItem("stage theme") || "light";
state(first.state);
