/** Everything on the stage that ranks somebody: the board, the field of those still in, teams, and the podium. */

import { climbsBetween, fillBoard, fillPodium } from "./board.js";
import { view } from "./stage-screen.js";
import { number, word } from "./words.js";
import { still } from "./wheel.js";

const SEATS = 300; // of a field that are drawn one by one
const SHAPE = 1.5; // columns to rows of the seats
const LEAST_WIDE = 9; // in columns, so that a few seats are no balloons
const MOVE = { duration: 700, easing: "cubic-bezier(.2,.8,.2,1)" };

const EACH = 20000; // at the end each podium stands so long before the other

const one = (name) => document.querySelector(`[data-${name}]`);
let before = []; // the last board
let ends = 0; // the timer between the two podiums

/** The first ten, and who of all climbed most; where people drop out, who is still in; the last board is the podium. */
export const board = (body, { n, final, live }) => {
  const { top } = body;
  clearTimeout(ends);
  if (top.length === 0) view("HIDDEN");
  else if (final) podium(body, live);
  else if (body.left !== undefined) field(body, n);
  else ranking(body, n, live);
  before = top;
};

const ranking = ({ top, climb }, n, live) => {
  view("BOARD");
  one("board-title").textContent = word("board", { n });
  fillBoard(one("top"), top, { climbs: climbsBetween(before, top) });
  [...one("top").children].forEach((line, place) => detail(line, top[place]));
  one("climber").hidden = !climb;
  if (climb) one("climber-text").textContent = word("climber", { name: climb.name, n: number(climb.from - climb.to) });
  if (live) move(one("top"), top);
};

/** What a line is compared by besides its points; where points are the right answers, they are called so. */
const detail = (line, { points, correct, distance, off, response_ms: time }) => {
  const right = correct !== undefined && word("correct", { n: number(correct) });
  const named = right && points === correct;
  if (named) line.querySelector("[data-slot=points]").textContent = right;
  const parts = [
    !named && right,
    distance !== undefined && word("off", { n: number(distance) }),
    off !== undefined && word("off", { n: number(off) }),
    time !== undefined && word("time", { n: number(Math.round(time / 100) / 10) }),
  ];
  line.querySelector("[data-details]").textContent = parts.filter(Boolean).join(" · ");
};

/** Let each line come from where its name stood before. */
const move = (list, top) => {
  if (still()) return;
  [...list.children].forEach((line, place) => {
    const earlier = before.findIndex(({ name }) => name === top[place].name);
    const away = earlier < 0 ? 0 : (earlier - place) * (line.offsetHeight + 8);
    const from = earlier < 0 ? { opacity: 0 } : { transform: `translateY(${away}px)` };
    line.animate([from, { opacity: 1, transform: "none" }], { ...MOVE, delay: earlier < 0 ? 300 : 0, fill: "backwards" });
  });
};

/** Who is still in: how many, as a field of seats, and the first of them by name. */
const field = ({ top, left, of }, n) => {
  view("FIELD");
  one("field-title").textContent = word(left === 0 ? "nobody-left" : left === 1 ? "last-one" : "field", { n });
  one("left-count").textContent = number(left);
  one("left-word").textContent = word("left", { of: number(of) });
  seats(one("seats"), left, of);
  const inside = top.filter((line) => line.in);
  one("inside").className = inside.length === 1 ? "inside alone" : "inside";
  fillBoard(one("inside"), inside);
  one("more").hidden = left <= inside.length;
  one("more").textContent = word("more", { n: number(left - inside.length) });
};

/** A seat for everybody who began, those taken in gold. */
const seats = (drawing, left, of) => {
  const wide = Math.max(LEAST_WIDE, Math.ceil(Math.sqrt(of * SHAPE)));
  drawing.setAttribute("viewBox", `0 0 ${wide} ${Math.ceil(of / wide)}`);
  drawing.toggleAttribute("hidden", of > SEATS);
  if (of <= SEATS) drawing.replaceChildren(...Array.from({ length: of }, (_, i) => seat(i % wide, Math.floor(i / wide), i < left)));
};

const seat = (x, y, taken) => {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  const attributes = { cx: x + 0.5, cy: y + 0.5, r: 0.38, class: taken ? "taken" : "" };
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
  return drawn;
};

/** The podium of people; where there are teams theirs follows by itself, and so on in turn. Each rises once. */
const podium = ({ top, teams: lines = [] }, live) => {
  fillPodium(one("podium"), top);
  const people = (rising) => {
    one("podium").classList.toggle("rising", rising);
    view("FINISHED");
    if (lines.length) ends = setTimeout(together, EACH, rising);
  };
  const together = (rising) => {
    teams({ teams: lines }, { final: true, live: rising });
    view("TEAMS");
    ends = setTimeout(people, EACH, false);
  };
  people(live);
};

/** The teams: a board, at the end a podium with the others beside it. */
export const teams = ({ teams: lines }, { final, live }) => {
  const standings = lines.map(({ rank, team, score, present }) => ({
    rank,
    name: team,
    points: score,
    team: present === undefined ? "" : word("present", { n: number(present) }),
  }));
  one("team-title").textContent = word(final ? "final-teams" : "teams");
  one("team-podium").hidden = !final;
  if (final) fillPodium(one("team-podium"), standings);
  one("team-podium").classList.toggle("rising", live);
  const rest = final ? standings.filter(({ rank }) => rank > 3) : standings;
  one("team-board").className = !final && rest.length > 10 ? "board double" : "board";
  one("team-board").hidden = rest.length === 0;
  fillBoard(one("team-board"), final ? rest.slice(0, 10) : rest.slice(0, 20));
};
