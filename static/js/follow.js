/**
 * Follow a room as a screen that everybody sees: what the server says is put on `screen` at its moment. Stage and overlay
 * differ in how things look only, so `screen` holds one function for each thing that can be seen.
 */

import { countdown } from "./countdown.js";
import { join } from "./live.js";

const COMING_BACK = 1500; // what is told so soon after a `state` was there before: it is shown without a movement

/**
 * Connect with `token` and keep `screen` going; what `screen` has no function for is not seen there. `first` is the state
 * the page brought, if it did. Returns the connection.
 */
export const follow = ({ code, token, first, screen }) => {
  const show = (name, ...what) => screen[name] && screen[name](...what);
  let turn = null;
  let opened = null; // the turn whose options are on screen
  let final = false;
  let board = null; // the newest one
  let settled = 0; // from then on what comes is new
  let calm = 0;
  let stop = () => {};

  const halt = () => {
    stop();
    stop = () => {};
  };

  /** Let the clock run from `from` to `until`. */
  const run = (from, until, over = () => {}) => {
    halt();
    const draw = (left) => show("arc", left / Math.max(1, until - from));
    stop = countdown(screen.clock, { closesAt: until, now: live.now, draw, over });
  };

  /** Do `what` at the server's instant `moment`, unless something else comes first. */
  const at = (moment, what) => {
    const before = stop;
    const timer = setTimeout(what, moment - live.now());
    stop = () => {
      before();
      clearTimeout(timer);
    };
  };

  const begin = (asked) => {
    halt();
    const fresh = !turn || turn.turn !== asked.turn;
    turn = fresh ? asked : { ...turn, ...asked };
    return fresh;
  };

  const reading = (asked) => {
    const fresh = begin(asked);
    opened = null;
    show("reading", turn, fresh);
    if (turn.opens_at !== null) run(asked.now, turn.opens_at);
  };

  /** The options are here and wait for their instant; of a question that is open, only the end has changed. */
  const opening = (asked) => {
    if (asked.opens_at <= live.now()) return open(asked);
    if (!turn || turn.turn !== asked.turn || opened !== null) reading(asked);
    else begin(asked);
    run(asked.now, asked.opens_at);
    return at(asked.opens_at, () => open(asked));
  };

  const open = (asked) => {
    const fresh = begin(asked);
    if (opened !== turn.turn) show("open", turn, { fresh, now: live.now, live: performance.now() > settled });
    opened = turn.turn;
    show("runs", turn);
    run(turn.opens_at, turn.closes_at, () => show("over", turn));
  };

  const locked = (asked) => {
    begin(asked);
    show("locked", turn);
  };

  const revealed = (asked) => {
    begin(asked);
    show("revealed", turn);
  };

  const ranked = () => {
    halt();
    show("board", board, { n: turn ? turn.n : 0, final, live: performance.now() > settled });
  };

  const predicting = (asked) => {
    halt();
    show("prediction", asked);
    if (asked.closes_at > live.now()) run(asked.opens_at, asked.closes_at);
  };

  const state = (body) => {
    settled = performance.now() + COMING_BACK;
    show("coming");
    clearTimeout(calm);
    calm = setTimeout(show, COMING_BACK, "settled");
    const { phase, turn: asked } = body;
    halt();
    show("notice", "");
    opened = null;
    final = phase === "FINISHED";
    show("count", body);
    if (phase === "LOBBY") show("lobby");
    else if (phase === "READING" && !asked.options) reading(asked);
    else if (phase === "READING" || phase === "OPEN") opening(asked);
    else if (phase === "LOCKED") locked(asked);
    else if (phase === "REVEAL") revealed(asked);
    else if (phase === "PREDICTION") predicting(body.prediction);
    else if (asked) begin(asked);
    scene({ name: "" }); // where there is one, it is told next
  };

  const scene = (body) => show("scene", body, { final, live: performance.now() > settled });

  const live = join({
    code,
    token,
    serverNow: first && first.now,
    on: {
      connected: () => show("connected"),
      lost: () => show("lost"),
      refused: () => show("refused"),
      state,
      scene,
      lobby: (body) => show("names", body),
      "turn:reading": reading,
      "turn:opened": opening,
      "turn:count": (body) => turn && body.turn === turn.turn && show("count", body),
      "turn:locked": (body) => turn && body.turn === turn.turn && locked(body),
      "turn:revealed": revealed,
      board: (body) => {
        board = body;
        ranked();
      },
      "prediction:opened": predicting,
      "prediction:closed": () => {
        halt();
        show("predicted");
      },
      notice: ({ text }) => show("notice", text),
      "show:ended": () => {
        final = true;
        show("notice", "");
        if (board) ranked();
      },
    },
  });
  if (first) state(first);
  return live;
};
