/** What the screen of the hall shows: one function per thing that changes. */

import { climbsBetween, fillBoard, fillPodium } from "./board.js";
import { number, percent, word } from "./words.js";

const SMALLEST_FIT = 5;
const CODE_LARGE_UNTIL = 3;
const NAMES = 24;

const one = (name, within = document) => within.querySelector(`[data-${name}]`);
let before = [];
let small = false; // whether the code has had its time

export const ring = one("ring");

export const view = (name) => {
  for (const part of document.querySelectorAll("[data-view]")) part.hidden = part.dataset.view !== name;
  if (name !== "QUESTION") foot("");
};

export const foot = (text) => {
  one("foot").textContent = text;
  one("foot").hidden = false;
  one("why").hidden = true;
};

export const lobby = ({ names, joined }) => {
  count({ joined });
  const list = one("names");
  const known = new Set([...list.children].map((item) => item.textContent));
  for (const name of [...names].reverse().filter((each) => !known.has(each)))
    list.prepend(Object.assign(document.createElement("li"), { textContent: name }));
  while (list.children.length > NAMES) list.lastElementChild.remove();
};

export const count = ({ answered, joined }) => {
  if (joined !== undefined) {
    one("joined").textContent = number(joined);
    one("of").textContent = number(joined);
  }
  if (answered !== undefined) one("answered").textContent = number(answered);
};

/** A question without its options yet. */
export const question = ({ n, of, stem }) => {
  view("QUESTION");
  one("step").textContent = word("step", { n, of });
  one("stem").textContent = stem;
  small = n > CODE_LARGE_UNTIL;
  one("done").hidden = true;
  one("count").hidden = false;
  one("number").hidden = true;
  ring.hidden = false;
  one("options").replaceChildren();
  ask("");
  fit();
};

export const ask = (text) => {
  one("ask").hidden = !text;
  one("ask").textContent = text;
};

/** How much of the time is left, 1 to 0, as the arc of the ring. */
export const arc = (left) => {
  ring.querySelector(".left-over").setAttribute("stroke-dashoffset", String(100 * (1 - Math.min(1, left))));
};

export const ringWord = (text, waiting) => {
  one("ring-word").textContent = text;
  ring.classList.toggle("waiting", waiting);
};

/** The options, and after the reveal how they were chosen. */
export const options = (lines, { revealed = false, kind }) => {
  const list = one("options");
  list.className = `opts${revealed ? " revealed" : ""}${revealed && kind === "order" ? " plain" : ""}${kind === "number" ? " few" : ""}`;
  list.replaceChildren(...lines.map((line) => drawn(line)));
  fit();
};

const drawn = (line) => {
  const item = document.querySelector("template[data-option]").content.firstElementChild.cloneNode(true);
  const slot = (name) => item.querySelector(`[data-slot=${name}]`);
  item.className = `${line.letter || ""} ${line.right ? "right" : ""}`.trim();
  slot("letter").hidden = !line.letter;
  slot("letter").textContent = line.letter || "";
  slot("spoken").textContent = line.letter ? `${line.letter}. ` : "";
  slot("text").textContent = line.text;
  slot("place").hidden = !line.place;
  slot("place").textContent = line.place || "";
  slot("yes").hidden = !line.right || line.place !== undefined;
  const counted = line.count !== undefined;
  slot("pc").hidden = slot("share").hidden = !counted;
  if (counted) {
    slot("percent").textContent = line.percent;
    slot("people").textContent = word("people", { n: number(line.count) });
    slot("share").firstElementChild.setAttribute("width", `${line.share}%`);
  }
  return item;
};

/** The result beside and below the options. */
export const result = (turn, key) => {
  ring.hidden = true;
  ask("");
  one("done").hidden = turn.answered === 0;
  one("right").textContent = percent(turn.right, turn.answered);
  one("answered").textContent = number(turn.answered);
  one("number").hidden = turn.kind !== "number";
  one("number").textContent = turn.kind === "number" ? key : "";
  one("foot").hidden = true;
  one("why").hidden = false;
  one("why").classList.toggle("long", turn.explanation.length > 220);
  one("key").textContent = word("key", { key });
  one("explanation").textContent = turn.explanation;
  one("basis").textContent = turn.basis.text;
  fit();
};

/** The first ten, and who climbed most; the last board is the podium. */
export const board = ({ top }, { n, final }) => {
  view(top.length === 0 ? "HIDDEN" : final ? "FINISHED" : "BOARD");
  one("step").textContent = "";
  one("board-title").textContent = word("board", { n });
  const climbs = climbsBetween(before, top);
  fillBoard(one("top"), top, { climbs });
  const [best] = Object.entries(climbs).sort((a, b) => b[1] - a[1]);
  one("climber").hidden = !best;
  if (best) one("climber").textContent = word("climber", { name: best[0], n: best[1] });
  if (final) fillPodium(one("podium"), top);
  before = top;
};

export const notice = (text) => {
  one("notice").hidden = !text;
  one("notice").textContent = text;
};

export const lost = (is) => {
  one("chip").hidden = !is;
};

/** Make the question as large as the stage holds. */
const fit = () => {
  const part = one("fitting");
  for (let step = 0; step <= SMALLEST_FIT; step += 1) {
    part.dataset.fit = step;
    if (part.scrollHeight <= part.clientHeight + 1) break;
  }
  const code = one("join");
  const side = code.parentElement;
  for (const size of small ? ["small"] : ["", "mid", "tight", "small"]) {
    code.className = `join ${size}`;
    if (side.scrollHeight <= side.clientHeight + 1) break;
  }
};

addEventListener("resize", fit);
document.fonts.addEventListener("loadingdone", fit);
