/** A player in a room: each message of the server changes the phone's screen. */

import { join } from "./live.js";
import { outbox } from "./outbox.js";
import * as screen from "./player-screen.js";
import { say } from "./say.js";
import { programme } from "./programme.js";
import { presentTurn } from "./turn.js";
import { word } from "./words.js";

const SILENT_LOSS = 2000;
const OFFER_RELOAD = 20000;
const NEW_STREAM = 5000;

const room = document.querySelector("[data-room]");
const first = JSON.parse(document.querySelector("script[data-first]").textContent);
const { code, token, mayChange, viewer } = room.dataset;

let phase = first.state.phase;
let loss = [];
let out = false; // of a game that ends for whoever errs
let counted = 0; // how far behind the programme the server counts us

/** What tells of the show: beside a stream it waits until the viewer's own picture has come to it. */
const shown = {
  "turn:reading": (body) => {
    if (!turn.is(body.turn)) screen.notice(""); // what was said belongs to the question before
    turn.reading(body);
  },
  "turn:opened": (body) => turn.opened(body, undefined, "cue_at" in body),
  "turn:locked": (body) => turn.is(body.turn) && turn.locked(body),
  "turn:revealed": (body) => turn.is(body.turn) && turn.revealed(body),
  "prediction:opened": (body) => predicting(body),
  "prediction:closed": () => saying("closed"),
  board: (body) => {
    screen.board(body);
    if (phase !== "FINISHED") show("BOARD");
  },
  you: (body) => you(body),
  "show:ended": () => {
    screen.notice("");
    show("FINISHED");
  },
};

const panel = document.querySelector("[data-stream]") ? import("./beside.js") : null;
const picture = panel && programme({ now: () => live.now(), release: (name, body) => shown[name](body) });
const held = Object.keys(shown).map((name) => [
  name,
  (body) => {
    if (name === "turn:opened") aside((stream) => stream.frame(body.turn, body.cue_at));
    picture.hold(name, body);
  },
]);

const live = join({
  code,
  token,
  serverNow: first.state.now,
  on: {
    ...(picture ? Object.fromEntries(held) : shown),
    connected: () => {
      if (loss.length && !document.querySelector("[data-offline]").hidden) say(word("back"));
      loss.forEach(clearTimeout);
      loss = [];
      screen.network(null);
      answers.push();
    },
    lost: () => {
      const tell = (reload) => screen.network(word(turn.waits() ? "weak" : "reconnecting"), reload);
      loss = [setTimeout(tell, SILENT_LOSS, false), setTimeout(tell, OFFER_RELOAD, true)];
    },
    refused: () => location.reload(),
    moved: ({ removed }) => (removed ? location.reload() : show("MOVED")),
    state: (body) => state(body),
    notice: ({ text }) => {
      screen.notice(text);
      if (text) say(text);
    },
    "turn:armed": ({ turn: id, cue_at }) => aside((stream) => stream.frame(id, cue_at)),
    "stream:sync": (body) => {
      if (!picture) return setTimeout(() => location.reload(), Math.random() * NEW_STREAM); // it came after this page
      counted = body.latency_ms;
      picture.behind(counted);
      return aside((stream) => stream.sync(body));
    },
  },
});
const beside = panel && panel.then((module) => module.beside({ live, programme: picture }));
const aside = (what) => beside && beside.then(what);
const answers = outbox({ code, token, live, settled: (message, reply) => turn.settled(message, reply) });
const turn = presentTurn({ live, answers, mayChange: mayChange !== "", plays: () => viewer === "" && !out });

/** Loaded when asked for. */
const saying = (what, ...rest) => import("./saying.js").then((module) => module[what]({ live, code }, ...rest));

/** A view without a question. */
const show = (name) => {
  phase = name;
  turn.halt();
  screen.view(name);
};

const predicting = (asked) => {
  show("PREDICTION");
  if (asked.closes_at > live.now()) turn.run(asked.closes_at, () => saying("closed"));
  saying("asked", asked);
};

const you = (mine) => {
  screen.mine(mine);
  if (mine.in === undefined) return;
  const what = mine.in ? (phase === "FINISHED" ? "won" : out ? "rescued" : "in") : "out";
  out = !mine.in;
  say(screen.inside(word(what)));
};

/** The whole present state: at first, after every loss, and whenever the server thinks best. */
const state = ({ phase: present, now, turn: asked, answers: sent, prediction, you: mine, name }) => {
  if (picture) picture.forget(now - counted);
  phase = present;
  if (name && screen.named(name)) screen.notice(word("renamed", { name }));
  if (mine) you(mine);
  const kept = sent.filter(({ verdict }) => verdict === "kept").map(({ o }) => o);
  const own = kept.length ? kept[kept.length - 1] : [];
  if (present === "READING" && !asked.options) turn.reading(asked, own);
  else if (present === "READING" || present === "OPEN") turn.opened(asked, own);
  else if (present === "LOCKED") turn.locked(asked, own);
  else if (present === "REVEAL") turn.revealed(asked, own);
  else if (present === "PREDICTION") predicting(prediction);
  else show(present);
};

room.addEventListener("submit", (event) => {
  event.preventDefault();
  turn.answer();
});
screen.box.addEventListener("change", () => turn.changed());
screen.box.addEventListener("input", ({ target }) => target.matches("[data-typed]") && turn.changed());
room.addEventListener("keydown", (event) => {
  const typing = event.target.matches("[data-typed]");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (turn.key(event.key)) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  const { says } = event.target.dataset;
  if (!says) return;
  event.preventDefault();
  saying(says, event.target).catch(() => event.target.submit());
});
document.querySelector("[data-resume]").addEventListener("click", () => live.resume());
document.querySelector("[data-reload]").addEventListener("click", () => location.reload());

if (first.board) screen.board(first.board);
if (first.you) you(first.you);
state(first.state);
