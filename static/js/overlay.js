/** The layer for OBS: follows the room as a viewer, silently; away from the server for long, it fades out. */

import { countdown } from "./countdown.js";
import { join } from "./live.js";
import * as screen from "./overlay-screen.js";
import { keyOf, openLines, resultLines } from "./result.js";
import { word } from "./words.js";

const FADE_AFTER = 10000;

const { code, token } = document.body.dataset;

let phase = "";
let turn = null;
let onScreen = null; // the turn whose options are being shown
let stop = () => {};
let loss = 0;

const live = join({
  code,
  token,
  on: {
    connected: () => {
      clearTimeout(loss);
      screen.away(false);
    },
    lost: () => {
      loss = setTimeout(screen.away, FADE_AFTER, true);
    },
    refused: () => screen.away(true),
    state: (body) => {
      state(body);
      requestAnimationFrame(() => requestAnimationFrame(screen.lively));
    },
    "turn:reading": (body) => reading(body),
    "turn:opened": (body) => opened(body),
    "turn:revealed": (body) => revealed({ ...turn, ...body }),
    board: (body) => {
      halt();
      screen.board(body, phase === "FINISHED" ? word("final") : word("board", { n: turn ? turn.n : 0 }));
    },
    "show:ended": () => {
      phase = "FINISHED";
    },
  },
});

const halt = () => {
  stop();
  stop = () => {};
};

const state = ({ phase: present, turn: asked }) => {
  phase = present;
  halt();
  if (asked) turn = asked;
  if (present === "LOBBY") screen.lower("join");
  else if (present === "READING" && !asked.options) reading(asked);
  else if (present === "READING" || present === "OPEN") opened(asked);
  else if (present === "LOCKED") open(asked);
  else if (present === "REVEAL") revealed(asked);
};

const begin = (asked) => {
  halt();
  turn = asked;
  onScreen = null;
  screen.question(turn);
};

const run = (until) => {
  stop = countdown(screen.clock, { closesAt: until, now: live.now });
};

const reading = (asked) => {
  phase = "READING";
  begin(asked);
  screen.clock.hidden = asked.opens_at === null;
  screen.clockWord(word("to-open"), true);
  if (asked.opens_at !== null) run(asked.opens_at);
};

const opened = (asked) => {
  const early = asked.opens_at - live.now();
  if (early <= 0) return open(asked);
  if (!turn || turn.turn !== asked.turn || phase !== "READING") reading(asked);
  const before = stop;
  const timer = setTimeout(open, early, asked);
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
    screen.options(openLines(turn));
  }
  phase = "OPEN";
  halt();
  turn = { ...turn, ...asked };
  screen.clock.hidden = false;
  screen.clockWord(word("seconds"), false);
  run(turn.closes_at);
};

const revealed = (asked) => {
  phase = "REVEAL";
  begin(asked);
  screen.result(turn, keyOf(turn), resultLines(turn));
};
