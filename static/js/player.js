/** A player in a room: connects, and lets each message of the server change the phone's screen. */

import { join } from "./live.js";
import { outbox } from "./outbox.js";
import * as screen from "./player-screen.js";
import { say } from "./say.js";
import { presentTurn } from "./turn.js";
import { word } from "./words.js";

const SILENT_LOSS = 2000;
const OFFER_RELOAD = 20000;

const room = document.querySelector("[data-room]");
const first = JSON.parse(document.querySelector("script[data-first]").textContent);
const { code, token, mayChange, viewer } = room.dataset;

let phase = first.state.phase;
let loss = [];

const live = join({
  code,
  token,
  serverNow: first.state.now,
  on: {
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
    "turn:reading": (body) => {
      if (!turn.is(body.turn)) screen.notice(""); // what was said belongs to the question before
      turn.reading(body);
    },
    "turn:opened": (body) => turn.opened(body),
    "turn:locked": (body) => turn.is(body.turn) && turn.locked(body),
    "turn:revealed": (body) => turn.is(body.turn) && turn.revealed(body),
    board: (body) => {
      screen.board(body);
      if (phase !== "FINISHED") show("BOARD");
    },
    you: screen.mine,
    notice: ({ text }) => {
      screen.notice(text);
      if (text) say(text);
    },
    "show:ended": () => {
      screen.notice("");
      show("FINISHED");
    },
  },
});
const answers = outbox({ code, token, live, settled: (message, reply) => turn.settled(message, reply) });
const turn = presentTurn({ live, answers, mayChange: mayChange !== "", plays: viewer === "" });

/** A view without a question. */
const show = (name) => {
  phase = name;
  turn.halt();
  screen.view(name);
};

/** The whole present state: at first, after every loss, and whenever the server thinks best. */
const state = ({ phase: present, turn: asked, answers: sent, you }) => {
  phase = present;
  if (you) screen.mine(you);
  const kept = sent.filter(({ verdict }) => verdict === "kept").map(({ o }) => o);
  const own = kept.length ? kept[kept.length - 1] : [];
  if (present === "READING" && !asked.options) turn.reading(asked, own);
  else if (present === "READING" || present === "OPEN") turn.opened(asked, own);
  else if (present === "LOCKED") turn.locked(asked, own);
  else if (present === "REVEAL") turn.revealed(asked, own);
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
document.querySelector("[data-resume]").addEventListener("click", () => live.resume());
document.querySelector("[data-reload]").addEventListener("click", () => location.reload());

if (first.board) screen.board(first.board);
if (first.you) screen.mine(first.you);
state(first.state);
