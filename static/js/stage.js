/** The screen of the hall: follows the room as a viewer; on a lost connection it keeps what it shows. */

import { follow } from "./follow.js";
import { keyOf, openLines, resultLines } from "./result.js";
import { board } from "./stage-boards.js";
import { listen } from "./stage-keys.js";
import { lobby } from "./stage-lobby.js";
import { scene } from "./stage-scenes.js";
import * as shown from "./stage-screen.js";
import { say } from "./say.js";
import { word } from "./words.js";

const SHOWN_LOSS = 2000;

const { code, token, mayChange } = document.body.dataset;
const first = JSON.parse(document.querySelector("script[data-first]").textContent);
let loss = 0;
let asked = null; // the turn on the screen

const step = ({ n, of }) => word("step", { n, of });

/** The question with its options as they are while it is open. */
const whole = (turn) => {
  if (asked !== turn.turn) shown.count({ answered: 0 });
  asked = turn.turn;
  shown.question(turn, step(turn));
  shown.counted();
  if (turn.options) shown.options(openLines(turn), { kind: turn.kind });
  if (turn.kind === "number") shown.ask(word("type"));
};

const screen = {
  clock: shown.ring,
  arc: shown.arc,
  count: shown.count,
  names: lobby,
  notice: shown.notice,
  board,
  scene,
  connected: () => {
    clearTimeout(loss);
    shown.lost(false);
  },
  lost: () => {
    loss = setTimeout(shown.lost, SHOWN_LOSS, true);
  },
  refused: () => shown.lost(true),
  lobby: () => shown.view("LOBBY"),
  reading: (turn, fresh) => {
    if (fresh) shown.notice("");
    if (asked !== turn.turn) shown.count({ answered: 0 });
    asked = turn.turn;
    shown.question(turn, step(turn));
    shown.clock(true);
    shown.ring.hidden = turn.opens_at === null;
    shown.foot(word(turn.opens_at === null ? "held" : "read"));
  },
  open: (turn) => {
    whole(turn);
    shown.foot(word(mayChange ? "may-change" : "open"));
    say(word("open"));
  },
  runs: () => shown.clock(false),
  over: () => shown.foot(word("over")),
  locked: (turn) => {
    whole(turn);
    shown.timeUp();
    shown.foot(word("over"));
  },
  revealed: (turn) => {
    whole(turn);
    shown.ask("");
    shown.options(resultLines(turn), { revealed: true, kind: turn.kind });
    shown.result(turn, keyOf(turn));
    say(word("key", { key: keyOf(turn) }));
  },
  prediction: ({ question }) => {
    asked = null;
    shown.question({ n: 0, stem: question }, word("prediction"));
    shown.ask(word("predict"));
    shown.clock(false);
    shown.foot(word("predict-once"));
    say(question);
  },
  predicted: () => {
    shown.timeUp();
    shown.foot(word("predicted"));
  },
};

follow({ code, token, first: first.state, screen });
listen(code);
