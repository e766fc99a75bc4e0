/** What the layer over a stream's picture shows, in its lower third; long words are set smaller. */

import { fillBoard } from "./board.js";
import { percent, word } from "./words.js";

const SHORT_OPTION = 12;
const FIRST_FIVE = 5;
const CODE_LARGE_UNTIL = 3;
const THIRD = 340; // of the picture's height, less the margin below
const TALLEST = 500; // with the longest questions: what is read comes before what is behind it
// The size of the question and of its options; while they may be answered, and beside the result.
const SIZES = [[48, 42], [48, 38], [44, 36], [40, 34], [40, 31], [36, 28], [34, 26]]; // prettier-ignore
const RESULT_SIZES = [[36, 35], [34, 34], [34, 31], [32, 28], [30, 26]]; // prettier-ignore
const GOOD = 2; // so many of them are what the layer is meant to have

const one = (name) => document.querySelector(`[data-${name}]`);
const panel = document.querySelector("[data-panel=question]");
let phase = "nothing";
let scene = "";
let result = false;

export const clock = one("clock");

/** Show this panel for the phase: `question`, `join`, `board`, `words`, `draw` or `nothing`; a scene stays in front. */
export const view = (name) => {
  phase = name;
  draw();
};

/** Put a panel in front as a scene; an empty name takes it away. */
export const cover = (name) => {
  scene = name;
  draw();
};

const draw = () => {
  const shown = scene || phase;
  for (const part of document.querySelectorAll("[data-panel]")) part.hidden = part.dataset.panel !== shown;
  one("side").hidden = shown !== "question";
  fit();
};

/** A question without its options; `join` shows the code beside it. */
export const question = ({ n, stem, short }, step) => {
  one("step").textContent = step;
  one("stem").textContent = short || stem;
  one("options").replaceChildren();
  one("law").hidden = true;
  one("join").classList.toggle("small", n > CODE_LARGE_UNTIL);
  result = false;
  ask("");
  end(null);
  view("question");
};

export const ask = (text) => {
  one("ask").hidden = !text;
  one("ask").textContent = text;
};

export const options = (lines) => {
  const list = one("options");
  list.replaceChildren(...lines.map(drawn));
  const four = lines.length <= 4 && lines.every(({ text }) => text.length <= SHORT_OPTION);
  list.className = `opts ${four ? "" : "two"}`;
  fit();
  if (inside()) return;
  list.className = "opts two"; // a word would break in the narrow columns
  fit();
};

const drawn = (line) => {
  const item = document.querySelector("template[data-option]").content.firstElementChild.cloneNode(true);
  const put = (name, text) => {
    const slot = item.querySelector(`[data-slot=${name}]`);
    slot.textContent = text === undefined ? "" : text;
    slot.hidden = text === undefined;
  };
  item.className = `${line.letter || ""} ${line.right ? "right" : ""}`.trim();
  for (const name of ["letter", "place", "text", "percent"]) put(name, line[name]);
  return item;
};

/** Whether no word sticks out of its option. */
const inside = () => [...one("options").children].every((item) => item.scrollWidth <= item.clientWidth + 1);

/** The first size that leaves the picture free; for long words the first that is not too tall. */
const fit = () => {
  if (panel.hidden) return;
  const sizes = result ? RESULT_SIZES : SIZES;
  const fits = ([stem, option], most) => {
    panel.style.setProperty("--q", `${stem}px`);
    panel.style.setProperty("--o", `${option}px`);
    return inside() && panel.offsetHeight <= most;
  };
  const small = sizes.slice(0, GOOD).some((size) => fits(size, THIRD));
  if (!small) sizes.some((size) => fits(size, TALLEST));
};

export const clockWord = (text, waiting) => {
  clock.hidden = false;
  one("clock-word").textContent = text;
  clock.classList.toggle("waiting", waiting);
};

/** The key, its legal basis, and how many were right. */
export const reveal = (turn, key, lines) => {
  result = true;
  one("law").hidden = false;
  one("key").textContent = word("key", { key });
  one("basis").textContent = turn.basis.text;
  end(turn.answered ? percent(turn.right, turn.answered) : null);
  clock.hidden = !turn.answered;
  options(lines);
};

const end = (text) => {
  one("run").hidden = text !== null;
  one("end").hidden = text === null;
  one("right").textContent = text || "";
};

/** The first five, under a title. */
export const board = (standings, title) => {
  one("board-title").textContent = title;
  fillBoard(one("top"), standings.slice(0, FIRST_FIVE));
};

/** Fade out, or come back as we are. */
export const away = (is) => document.body.classList.toggle("away", is);

/** Nothing moves in while we come back; afterwards it may. */
export const still = (is) => document.body.classList.toggle("still", is);

document.fonts.addEventListener("loadingdone", fit);
