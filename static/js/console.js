/** The host's console: one large button for what comes next, and a pause to think before what cannot be taken back. */

import * as screen from "./console-screen.js";
import { countdown } from "./countdown.js";
import { join } from "./live.js";
import { keyOf, openLines, resultLines } from "./result.js";
import { say } from "./say.js";
import { number, word } from "./words.js";

const IN_ORDER = ["resume", "open", "lock", "reveal", "board", "next", "end"]; // the first allowed one is the large button
const GUARDED = ["lock", "skip", "void", "end"];
const SECONDS_TO_CANCEL = 3;

const { code, token, recap } = document.querySelector("[data-console]").dataset;
const form = document.querySelector("[data-void]");
const notice = document.querySelector("[data-say-form]");
const people = document.querySelector("[data-people]");

let at = { can: [], phase: "", turn_n: 0 };
let turn = null;
let stop = () => {};
let counting = null;

const live = join({
  code,
  token,
  on: {
    connected: () => {
      screen.lost(false);
      screen.refused(null);
    },
    lost: () => screen.lost(true),
    refused: () => location.reload(),
    moved: () => location.reload(),
    state: (body) => state(body),
    lobby: (body) => {
      screen.figures(body);
      if (at.phase === "LOBBY") screen.hall(word("lobby"), body.names.join(", "));
    },
    "turn:reading": (body) => asked(body),
    "turn:opened": (body) => asked(body),
    "turn:count": (body) => screen.figures(body),
    "turn:locked": () => clock(null),
    "turn:revealed": (body) => revealed({ ...turn, ...body }),
    board: ({ top }) => {
      const lines = top.map(({ rank, name, points }) => ({ text: `${rank}. ${name}`, percent: number(points) }));
      hall(word("board"), "", lines);
    },
    "host:state": (body) => {
      if (counting && (body.phase !== at.phase || body.turn_n !== at.turn_n)) cancel();
      at = body;
      draw();
    },
  },
});

const state = ({ phase, turn: present }) => {
  if (phase === "LOBBY") hall(word("lobby"));
  else if (phase === "FINISHED") hall(word("finished"));
  else if (phase === "BOARD") hall(word("board"));
  else if (phase === "REVEAL") revealed(present);
  else asked(present, phase);
};

const hall = (...what) => {
  clock(null);
  screen.hall(...what);
};

const clock = (until) => {
  stop();
  stop = () => {};
  screen.clock.hidden = until === null;
  if (until !== null) stop = countdown(screen.clock, { closesAt: until, now: live.now });
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
  hall(turn.stem, "", resultLines(turn), why);
};

const large = () => IN_ORDER.find((name) => at.can.includes(name));

const named = (name) => {
  if (name === "next" && at.phase === "LOBBY") return word("do-start");
  return word(`do-${name}`, { n: at.turn_n });
};

const draw = () => {
  screen.place(at);
  screen.figures(at);
  screen.presses(at.can, large(), at.hidden);
  if (counting) screen.primary(word("counting", { what: named(counting.name), n: counting.left }), { counting: true });
  else if (at.phase === "FINISHED") screen.primary(word("do-recap"));
  else screen.primary(large() ? named(large()) : word("do-wait"), { ready: large() !== undefined });
};

const send = async (name, more = {}) => {
  try {
    const reply = await live.request("host", { do: name, ...more });
    screen.refused(reply.refused ? reply.reason : null);
    return reply;
  } catch {
    screen.refused(word("lost"));
    return { refused: true };
  }
};

const cancel = () => {
  clearInterval(counting.timer);
  counting = null;
  draw();
};

/** Do `name` at once, or after a countdown that another press stops. */
const press = (name, more = {}) => {
  if (counting) return;
  if (!GUARDED.includes(name)) return void send(name, more);
  counting = { name, left: SECONDS_TO_CANCEL };
  counting.timer = setInterval(() => {
    counting.left -= 1;
    if (counting.left > 0) return draw();
    cancel();
    return void send(name, more);
  }, 1000);
  draw();
  say(word("counting", { what: named(name), n: SECONDS_TO_CANCEL }));
};

const pressLarge = () => {
  if (at.phase === "FINISHED") location.assign(recap);
  else if (counting) {
    cancel();
    say(word("stopped"));
  } else if (large()) press(large());
};

const listPeople = async () => {
  const reply = await send("players");
  if (reply.list) screen.people(reply.list, (player) => send("remove", { player }).then(listPeople));
};

document.querySelector("[data-primary]").addEventListener("click", pressLarge);
document.querySelector("[data-presses]").addEventListener("click", ({ target }) => {
  const name = target.dataset.do;
  if (name === "void") {
    form.hidden = false;
    form.elements.reason.focus();
  } else if (name === "hide") press("hide", { hidden: !at.hidden });
  else if (name) press(name);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.hidden = true;
  const reason = form.elements.reason.value.trim();
  press("void", reason ? { reason } : {});
});
form.addEventListener("reset", () => {
  form.hidden = true;
});
notice.addEventListener("submit", async (event) => {
  event.preventDefault();
  const reply = await send("notice", { text: notice.elements.text.value });
  if (!reply.refused) say(word("sent"));
});
people.addEventListener("toggle", () => people.open && listPeople());
document.addEventListener("keydown", (event) => {
  const idle = !event.target.closest("button, a, input, textarea, select, summary");
  if (event.key !== " " || !idle || event.repeat) return;
  event.preventDefault();
  pressLarge();
});
