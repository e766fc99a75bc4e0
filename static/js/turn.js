/** The present question on a player's phone: read, opened, answered, locked, revealed. */

import * as choices from "./choices.js";
import { countdown, secondsLeft } from "./countdown.js";
import * as screen from "./player-screen.js";
import { say } from "./say.js";
import { inWords, word } from "./words.js";

const box = screen.box;

/** `live` is the connection, `answers` the outbox; the last answer counts if `mayChange`; `plays()` unless one only watches. */
export const presentTurn = ({ live, answers, mayChange, plays }) => {
  let turn = null;
  let own = []; // what the server has of us for this turn
  let open = false;
  let stop = () => {}; // ends what runs on the clock

  const halt = () => {
    stop();
    open = false;
    screen.clock.hidden = true;
  };

  /** Make `asked` the present question; `kept` is the answer the server has, where it said so. */
  const begin = (asked, kept) => {
    const fresh = !turn || turn.turn !== asked.turn;
    own = kept || (fresh ? [] : own);
    turn = fresh ? asked : { ...turn, ...asked };
    if (fresh) {
      answers.drop(turn.turn);
      if (turn.kind === "order") import("./ordering.js"); // here before the options are
    }
    screen.step(turn);
    screen.view("QUESTION");
    if (fresh) screen.question(turn);
  };

  const reading = (asked, kept) => {
    halt();
    begin(asked, kept);
    screen.button(null);
    screen.status(word("ready"));
    const tick = () => {
      const n = turn.opens_at === null ? null : secondsLeft(turn.opens_at, live.now());
      screen.hint(n === null ? word("held") : n > 0 ? word("opening", { n }) : word("ready"));
    };
    const timer = setInterval(tick, 250);
    stop = () => clearInterval(timer);
    tick();
  };

  /** The options are here, to be shown at their instant, or `due`; of an open question only the end has changed. */
  const opened = (asked, kept, due = false) => {
    if (open && turn.turn === asked.turn) {
      begin(asked, kept);
      if (own.length && !answers.unsent(turn.turn)) tellKept();
      return run(turn.closes_at, close);
    }
    const early = asked.opens_at - live.now();
    if (due || early <= 0) return start(asked, kept);
    reading(asked, kept);
    const timer = setTimeout(start, early, asked, kept);
    const before = stop;
    stop = () => {
      before();
      clearTimeout(timer);
    };
    return undefined;
  };

  const start = (asked, kept) => {
    halt();
    begin(asked, kept);
    open = true;
    const unsent = answers.unsent(turn.turn);
    choices.show(box, turn, unsent || own);
    const hint = `${word(`hint-${turn.kind}`)} ${mayChange ? "" : word("first-counts")}`;
    screen.hint(plays() ? hint.trim() : word("watching"));
    screen.status(unsent ? word("sending") : choices.isTap(turn) && plays() ? word(`choose-${turn.kind}`) : "");
    if (own.length && !unsent) tellKept();
    else offer();
    say(word("open"));
    import("./revealed.js"); // here before it is needed
    screen.buzz();
    requestAnimationFrame(() => requestAnimationFrame(tellShown));
    run(turn.closes_at, close);
  };

  const tellShown = () => live.request("shown", { turn: turn.turn }).catch(() => {});

  /** Let the clock run until `closesAt`, then call `over`. */
  const run = (closesAt, over) => {
    stop();
    screen.clock.hidden = false;
    stop = countdown(screen.clock, { closesAt, now: live.now, over });
  };

  /** Nothing can be chosen any more; what is on its way still goes. */
  const close = () => {
    halt();
    choices.close(box);
    screen.settle();
    screen.hint("");
    if (!answers.unsent(turn.turn)) tellLocked();
  };

  const tellLocked = () => {
    const none = plays() ? "locked-none" : "locked";
    const sentence = own.length ? word("locked-kept", { answer: inWords(turn, own) }) : word(none);
    screen.status(sentence, own.length > 0);
    return sentence;
  };

  const locked = (asked, kept) => {
    begin(asked, kept);
    if (!box.children.length && turn.options) choices.show(box, turn, own);
    close();
    say(tellLocked());
  };

  const revealed = async (asked, kept) => {
    begin(asked, kept);
    halt();
    choices.show(box, turn, own);
    screen.settle();
    screen.hint("");
    const { reveal } = await import("./revealed.js");
    if (is(asked.turn)) reveal(box, turn, own, plays());
  };

  /** Offer the button where a tap alone does not answer. */
  const offer = () => {
    const final = !plays() || (!mayChange && own.length > 0);
    if (final) choices.close(box);
    if (final || (mayChange && choices.isTap(turn))) return screen.button(null);
    const chosen = choices.read(box, turn);
    if (!chosen) return screen.button(word(`choose-${turn.kind}`), false);
    return screen.button(mayChange ? word("answer") : word("settle", { answer: inWords(turn, chosen) }));
  };

  const answer = () => {
    const chosen = open ? choices.read(box, turn) : null;
    if (open && !chosen) say(word(`choose-${turn.kind}`));
    if (!chosen) return;
    answers.send(turn.turn, turn.kind, chosen);
    screen.status(word("sending"));
  };

  const tellKept = () => {
    const sentence = word(mayChange ? "kept" : "kept-final", { answer: inWords(turn, own) });
    screen.status(sentence, true);
    offer();
    return sentence;
  };

  /** The server has spoken about an answer. */
  const settled = (message, { verdict, o }) => {
    if (!turn || message.turn !== turn.turn) return;
    if (verdict === "early") setTimeout(answer, Math.max(250, turn.opens_at - live.now()));
    if (verdict === "kept") own = message.o || [message.v];
    else if (verdict === "twice" && o) own = o;
    if (turn.key) revealed(turn);
    else if (verdict === "kept") say(open ? tellKept() : tellLocked());
    else if (verdict !== "early") {
      const sentence = word(verdict, { answer: own.length ? inWords(turn, own) : "" });
      screen.status(sentence);
      say(sentence);
    }
  };

  /** A choice changed on the page: tapped answers go at once. */
  const changed = () => {
    if (!open) return;
    if (mayChange && choices.isTap(turn)) answer();
    else offer();
  };

  const key = (pressed) => open && choices.byKey(box, turn, pressed);
  const is = (id) => turn !== null && turn.turn === id;
  const waits = () => turn !== null && answers.unsent(turn.turn) !== null;
  return { halt, run, reading, opened, locked, revealed, answer, settled, changed, key, is, waits };
};
