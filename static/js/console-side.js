/** What stands beside the question: the scene on the screens, who leads, how people are connected, and a proposal. */

import { number, word } from "./words.js";

const BAD = 0.2; // of the players: so many lines lost at once are no chance
const LANE = 2; // seconds
const SILENT = 30000; // so long a screen may be away

const one = (name, within = document) => within.querySelector(`[data-${name}]`);

/** The scene that screens show, and the words of a break; `send` carries out a press. */
export const scenes = (send) => {
  const form = one("break");
  one("scenes").addEventListener("click", ({ target }) => {
    const button = target.closest("[data-scene]");
    if (!button) return;
    form.hidden = button.dataset.scene !== "break";
    if (form.hidden) send("scene", { scene: button.dataset.scene });
    else form.elements.words.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send("scene", { scene: "break", text: form.elements.words.value });
    form.hidden = true;
  });
  one("auto").addEventListener("change", ({ target }) => send("auto", { on: target.checked }));
  return ({ scene = "", autopilot = null, phase }) => {
    for (const button of one("scenes").children) button.setAttribute("aria-pressed", button.dataset.scene === scene);
    one("auto").checked = Boolean(autopilot && autopilot.on);
    one("auto").disabled = phase === "FINISHED";
  };
};

/** What the autopilot presses next, and when. */
export const led = ({ autopilot }, now, named) => {
  const line = one("auto-line");
  line.hidden = !(autopilot && autopilot.on);
  if (line.hidden) return;
  const left = autopilot.at ? Math.max(0, Math.ceil((autopilot.at - now) / 1000)) : null;
  const text = left === null ? word("auto-idle") : word("auto", { what: named(autopilot.next), n: left });
  if (line.textContent !== text) line.textContent = text;
};

/** The screens that have been away for long: what to look at. */
export const missing = ({ gone = {} }, now) => {
  const long = Object.keys(gone).filter((name) => now - gone[name] >= SILENT);
  const text = long.map((name) => word(`gone-${name}`)).join(" ");
  const line = one("gone");
  line.hidden = !text;
  if (line.lastElementChild.textContent !== text) line.lastElementChild.textContent = text;
};

/** How many are connected, and how far behind the picture they are. */
export const lines = ({ online, joined, rehearsal, phase, lanes = [] }) => {
  const away = phase === "FINISHED" ? 0 : Math.max(0, joined - online); // afterwards people just leave
  const quality = away === 0 ? "quality-all" : away > Math.max(3, joined * BAD) ? "quality-bad" : "quality";
  one("quality").textContent = joined && !rehearsal && phase !== "FINISHED" ? word(quality, { n: number(away) }) : "";
  one("quality").classList.toggle("bad", quality === "quality-bad");
  const most = Math.max(1, ...lanes.map(({ players }) => players));
  one("lanes").hidden = lanes.length === 0 || (lanes.length === 1 && lanes[0].lane === 0);
  one("lane-list").replaceChildren(
    ...lanes.map(({ lane, players }) => {
      const item = document.querySelector("template[data-lane]").content.firstElementChild.cloneNode(true);
      const name = word("lane", { from: lane * LANE, to: (lane + 1) * LANE });
      item.querySelector(".lane-name").textContent = name;
      item.querySelector("meter").value = players / most;
      item.querySelector("meter").setAttribute("aria-label", name);
      item.querySelector(".number").textContent = number(players);
      return item;
    }),
  );
};

/** A question that somebody wants to void: a second person confirms it. */
export const proposed = (proposal, can) => {
  const box = one("proposal");
  box.hidden = !proposal;
  if (!proposal) return;
  const { by, reason, own } = proposal;
  one("proposal-text").textContent = word(own ? "proposal-own" : "proposal", { by, reason });
  one("proposal-hint").textContent = word(own ? "proposal-wait" : "proposal-hint");
  one('do="confirm"', box).hidden = own || !can.includes("confirm");
  one('do="withdraw"', box).hidden = !can.includes("withdraw");
};
