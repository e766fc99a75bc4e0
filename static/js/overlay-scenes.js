/** The scenes of the layer over a stream's picture, which stand in front of what the phase shows. */

import { board, cover } from "./overlay-screen.js";
import { moments } from "./wheel.js";
import { number, word } from "./words.js";

const FOR_THE_WHEEL = 400; // after the wheel stands, so that the layer never tells before the hall sees it

const one = (name) => document.querySelector(`[data-${name}]`);
let timers = [];
let drawn = "";

/** Show the scene that a message names; none takes the present one away. */
export const scene = (body, { live, final }) => {
  const show = SCENES[body.name];
  if (body.name !== "wheel") forget();
  cover(show ? show(body, live, final) : "");
};

const forget = () => {
  for (const timer of timers) clearTimeout(timer);
  timers = [];
  drawn = "";
};

const line = (text) => Object.assign(document.createElement("li"), { textContent: text });

const SCENES = {
  code: () => "join",
  break: ({ text }) => {
    one("title").textContent = word("break-title");
    one("text").textContent = text || word("break");
    return "words";
  },
  teams: ({ teams = [] }, live, final) => {
    const lines = teams.map(({ rank, team, score }) => ({ rank, name: team, points: score }));
    board(lines, word(final ? "final-teams" : "teams"));
    return lines.length ? "board" : "";
  },
  wheel: (body, live) => {
    if (JSON.stringify(body) === drawn) return "draw";
    forget();
    drawn = JSON.stringify(body);
    const { prize, names, winners, of = names.length } = body;
    one("prize").textContent = prize;
    one("drawn-from").textContent = word("drawn-from", { n: number(of) });
    const list = one("winners");
    list.replaceChildren();
    list.className = `winners ${winners.length > 3 ? "many" : ""}`;
    one("drawing").hidden = !live;
    const tell = (i) => {
      one("drawing").hidden = list.children.length + 1 === winners.length;
      list.append(line(names[i]));
    };
    if (!live) winners.forEach(tell);
    else timers = moments(winners.length).map((after, k) => setTimeout(tell, after + FOR_THE_WHEEL, winners[k]));
    return "draw";
  },
};
