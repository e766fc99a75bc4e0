/** The layer for OBS: follows the room as a viewer, silently; away from the server for long, it fades out. */

import { follow } from "./follow.js";
import { scene } from "./overlay-scenes.js";
import * as shown from "./overlay-screen.js";
import { mark } from "./overlay-sync.js";
import { keyOf, openLines, resultLines } from "./result.js";
import { word } from "./words.js";

const FADE_AFTER = 10000;
const TRYING = 3600000; // how long the mark stays at the address for trying out

const { code, token } = document.body.dataset;
let loss = 0;

const step = ({ n, of }) => word("step", { n, of });

const whole = (turn) => {
  shown.question(turn, step(turn));
  if (turn.options) shown.options(openLines(turn));
};

const screen = {
  clock: shown.clock,
  scene,
  coming: () => {
    shown.still(true);
    shown.away(false);
  },
  settled: () => shown.still(false),
  connected: () => clearTimeout(loss),
  lost: () => {
    loss = setTimeout(shown.away, FADE_AFTER, true);
  },
  refused: () => shown.away(true),
  lobby: () => shown.view("join"),
  reading: (turn) => {
    shown.question(turn, step(turn));
    shown.clockWord(word("to-open"), true);
    shown.clock.hidden = turn.opens_at === null;
  },
  open: (turn, { now, live }) => {
    whole(turn);
    if (live && turn.cue_at !== undefined) mark(now);
  },
  runs: () => shown.clockWord(word("seconds"), false),
  locked: (turn) => {
    whole(turn);
    shown.clock.hidden = true;
  },
  revealed: (turn) => {
    shown.question(turn, step(turn));
    shown.reveal(turn, keyOf(turn), resultLines(turn));
  },
  board: ({ top, left }, { n, final }) => {
    const survival = left === 1 ? word("last-one") : left === 0 ? word("nobody-left") : word("left", { n: left });
    const inside = left > 0 ? top.filter((line) => line.in) : top;
    shown.board(inside, final ? word("final") : left === undefined ? word("board", { n }) : survival);
    shown.view(top.length ? "board" : "nothing");
  },
  prediction: ({ question }) => {
    shown.question({ n: 0, stem: question }, word("prediction"));
    shown.ask(word("predict"));
    shown.clockWord(word("seconds"), false);
  },
  predicted: () => {
    shown.ask(word("predicted"));
    shown.clock.hidden = true;
  },
};

const live = follow({ code, token, screen });
if (location.hash === "#hieu-chinh") mark(live.now, TRYING);
