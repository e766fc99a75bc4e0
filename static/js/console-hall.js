/** What the hall sees, as the console shows it: the question, its options, what was right, the board. */

import * as screen from "./console-screen.js";
import { countdown } from "./countdown.js";
import { keyOf, openLines, resultLines } from "./result.js";
import { number, word } from "./words.js";

/** What to do for each message about the show; `now` tells the server's time. */
export const hall = (now) => {
  let turn = null;
  let stop = () => {};

  const clock = (until) => {
    stop();
    stop = () => {};
    screen.clock.hidden = until === null;
    if (until !== null) stop = countdown(screen.clock, { closesAt: until, now });
  };

  const show = (...what) => {
    clock(null);
    screen.hall(...what);
  };

  const asked = (body, phase) => {
    turn = body;
    if (turn.options) screen.hall(turn.stem, "", openLines(turn));
    else screen.hall(turn.stem, word("reading"));
    const until = turn.options ? turn.closes_at : turn.opens_at;
    clock(phase === "LOCKED" ? null : until);
  };

  const revealed = (body) => {
    turn = body;
    const why = `${word("key", { key: keyOf(turn) })} ${turn.explanation} ${turn.basis.text}`;
    show(turn.stem, "", resultLines(turn), why);
  };

  const predicting = ({ question, closes_at: until }) => {
    screen.hall(question, word("predicting"));
    clock(until > now() ? until : null);
  };

  const state = ({ phase, turn: present, prediction }) => {
    if (phase === "LOBBY") show(word("lobby"));
    else if (phase === "FINISHED") show(word("finished"));
    else if (phase === "BOARD") show(word("board"));
    else if (phase === "PREDICTION") predicting(prediction);
    else if (phase === "REVEAL") revealed(present);
    else asked(present, phase);
  };

  const board = ({ top, left }) => {
    const lines = top.map(({ rank, name, points }) => ({ text: `${rank}. ${name}`, percent: number(points) }));
    show(word("board"), left === undefined ? "" : word("left", { n: number(left) }), lines);
  };

  const lobby = (phase, { names }) => {
    if (phase === "LOBBY") screen.hall(word("lobby"), names.join(", "));
  };

  const on = {
    state,
    board,
    "turn:reading": (body) => asked(body),
    "turn:opened": (body) => asked(body),
    "turn:locked": () => clock(null),
    "turn:revealed": (body) => revealed({ ...turn, ...body }),
    "prediction:opened": predicting,
    "prediction:closed": () => clock(null),
  };

  return { on, lobby };
};
