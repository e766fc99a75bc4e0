/** The scenes of the stage, which stand in front of what the phase shows: the code, a break, teams, the lucky draw. */

import { teams } from "./stage-boards.js";
import { cover } from "./stage-screen.js";
import { say } from "./say.js";
import { number, word } from "./words.js";
import { drawWheel, moments, sectors, spin, spins, still } from "./wheel.js";

const VIEWS = { code: "LOBBY", break: "BREAK", teams: "TEAMS", wheel: "WHEEL" };

const one = (name) => document.querySelector(`[data-${name}]`);
let drawn = ""; // the draw that has been shown, so that it does not turn a second time
let run = 0; // the present run of the wheel; an older one stops

/** Show the scene that a message names; none takes the present one away. */
export const scene = (body, how) => {
  if (body.name === "teams" && !(body.teams || []).length) return cover("");
  if (body.name === "break") one("break-text").textContent = body.text || word("break");
  if (body.name === "teams") teams(body, how);
  cover(VIEWS[body.name] || "");
  if (body.name === "wheel") return void wheel(body, how.live);
  run += 1;
  drawn = "";
  return undefined;
};

const wheel = async (body, live) => {
  const { prize, names, winners, reserves = [], of = names.length } = body;
  const told = JSON.stringify(body);
  if (told === drawn) return;
  drawn = told;
  run += 1;
  const own = run;
  one("prize").textContent = prize;
  one("drawn-from").textContent = word("drawn-from", { n: number(of) });
  for (const name of ["winners", "reserves"]) one(name).replaceChildren();
  one("reserve-part").hidden = true;
  const turns = live && !still();
  one("wheel-part").classList.toggle("listed", !turns);
  if (turns) await turnAll(names, winners, () => own === run);
  if (own !== run) return;
  one("winners").replaceChildren(...winners.map((i) => line(names[i])));
  one("reserves").replaceChildren(...reserves.map((i) => line(names[i])));
  one("reserve-part").hidden = reserves.length === 0;
  one("winners").classList.toggle("many", winners.length > 5);
  say(word("winners", { names: winners.map((i) => names[i]).join(", ") }));
};

/** One turn for each winner; the name joins the list when the wheel stands. */
const turnAll = async (names, winners, wanted) => {
  const lengths = spins(winners.length);
  const known = moments(winners.length);
  for (const [k, winner] of winners.entries()) {
    if (k) await pause(known[k] - known[k - 1] - lengths[k]);
    if (!wanted()) return;
    const shown = sectors(names, winner, winners.slice(0, k));
    drawWheel(one("wheel"), names, shown);
    await spin(one("wheel"), shown.indexOf(winner), shown.length, lengths[k]);
    if (!wanted()) return;
    one("wheel").querySelector(`[data-name="${winner}"]`).classList.add("won");
    one("winners").append(line(names[winner]));
    one("winners").classList.toggle("many", k >= 5);
  }
};

const line = (text) => Object.assign(document.createElement("li"), { textContent: text });
const pause = (length) => new Promise((done) => setTimeout(done, length));
