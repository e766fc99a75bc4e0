/** The host's console: one large button for what comes next, and a pause to think before what cannot be taken back. */

import { hall } from "./console-hall.js";
import { people } from "./console-people.js";
import { rundown } from "./console-rundown.js";
import * as screen from "./console-screen.js";
import * as side from "./console-side.js";
import { join } from "./live.js";
import { presser } from "./press.js";
import { say } from "./say.js";
import { word } from "./words.js";

const IN_ORDER = ["resume", "open", "lock", "reveal", "board", "next", "end"]; // where the server names no next press

const { code, token, recap } = document.querySelector("[data-console]").dataset;
const form = document.querySelector("[data-void]");
const notice = document.querySelector("[data-say-form]");

let at = { can: [], phase: "", turn_n: 0 };
let heldUntil = 0; // of the page's clock: so long the reveal waits for slow viewers
const seen = hall(() => live.now());

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
    lobby: (body) => {
      screen.figures(body);
      seen.lobby(at.phase, body);
    },
    "turn:count": (body) => screen.figures(body),
    ...seen.on,
    "host:state": (body) => {
      const waiting = presses.counting();
      if (waiting && (body.phase !== at.phase || body.turn_n !== at.turn_n)) presses.cancel();
      at = body;
      heldUntil = performance.now() + (at.wait_ms || 0);
      draw();
    },
  },
});

const large = () => (at.next === undefined ? IN_ORDER.find((name) => at.can.includes(name)) : at.next || undefined);
const wait = () => Math.ceil((heldUntil - performance.now()) / 1000);

const named = (name) => {
  if (name === "next" && at.phase === "LOBBY") return word("do-start");
  if (name === "lock" && at.phase === "PREDICTION") return word("do-close-prediction");
  return word(`do-${name}`, { n: at.turn_n });
};

const drawLarge = () => {
  const counting = presses.counting();
  const name = large();
  if (counting) screen.primary(word("counting", { what: named(counting.name), n: counting.left }), { counting: true });
  else if (at.phase === "FINISHED") screen.primary(word("do-recap"));
  else if (at.phase === "LOCKED" && wait() > 0) screen.primary(word("do-held", { n: wait() }), { ready: false, held: true });
  else screen.primary(name ? named(name) : word("do-wait"), { ready: name !== undefined && at.can.includes(name) });
  side.led(at, live.now(), named);
  side.missing(at, live.now());
};

const draw = () => {
  screen.place(at);
  screen.figures(at);
  screen.presses(at.can, large(), at.hidden);
  side.lines(at);
  side.proposed(at.proposal, at.can);
  drawScene(at);
  drawPeople(at);
  drawRundown(at);
  drawLarge();
};

const presses = presser({ request: live.request, refused: screen.refused, draw: drawLarge, named });
const drawScene = side.scenes(presses.send);
const drawPeople = people(presses.send);
const drawRundown = rundown(async (turns) => !(await presses.send("order", { turns })).refused);

const pressLarge = () => {
  if (at.phase === "FINISHED") location.assign(recap);
  else if (presses.counting()) presses.stop();
  else if (!document.querySelector("[data-primary]").disabled) presses.press(large());
};

setInterval(() => (wait() > -1 || at.autopilot) && drawLarge(), 250);
document.querySelector("[data-primary]").addEventListener("click", pressLarge);
document.addEventListener("click", ({ target, detail }) => {
  const button = target.closest("button");
  const name = button && button.dataset.do;
  if (button && detail) button.blur(); // after a click the space bar belongs to the large button again
  if (name === "void") {
    form.hidden = false;
    form.elements.reason.focus();
  } else if (name === "hide") presses.press("hide", { hidden: !at.hidden });
  else if (name) presses.press(name);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.hidden = true;
  const reason = form.elements.reason.value.trim();
  presses.press("void", reason ? { reason } : {});
});
form.addEventListener("reset", () => {
  form.hidden = true;
});
notice.addEventListener("submit", async (event) => {
  event.preventDefault();
  const reply = await presses.send("notice", { text: notice.elements.text.value });
  if (!reply.refused) say(word("sent"));
});
document.addEventListener("keydown", (event) => {
  const idle = !event.target.closest("button, a, input, textarea, select, summary, [draggable]");
  if (event.key !== " " || !idle || event.repeat) return;
  event.preventDefault();
  pressLarge();
});
