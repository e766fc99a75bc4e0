/** What the layer over a stream's picture shows; long words are set smaller, so that the lower third holds them. */

import { fillBoard } from "./board.js";
import { percent, word } from "./words.js";

const LONG_STEM = 110;
const LONGEST_STEM = 170;
const SHORT_OPTION = 9;
const FIRST_FIVE = 5;
const SIZES = ["", "small", "smallest"];
const TALLEST = 470;

const one = (name) => document.querySelector(`[data-${name}]`);

export const clock = one("clock");

/** The lower third: `join` (the code alone), `question`, or nothing. */
export const lower = (what) => {
  one("lower").hidden = what === "nothing";
  one("panel").hidden = what !== "question";
  clock.hidden = what !== "question";
  one("join").classList.toggle("big", what === "join");
  one("board").hidden = true;
};

export const question = ({ n, of, stem }) => {
  lower("question");
  const panel = one("panel");
  panel.className = `panel ${stem.length > LONGEST_STEM ? "long longest" : stem.length > LONG_STEM ? "long" : ""}`;
  one("step").textContent = word("step", { n, of });
  one("stem").textContent = stem;
  one("options").replaceChildren();
  one("law").hidden = true;
  end(null);
};

export const options = (lines) => {
  const list = one("options");
  list.replaceChildren(...lines.map(drawn));
  const two = lines.some(({ text }) => text.length > SHORT_OPTION) || lines.length > 4;
  for (const size of SIZES) {
    list.className = `opts ${two ? "two" : ""} ${size}`;
    if (one("panel").offsetHeight <= TALLEST) return;
  }
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

export const clockWord = (text, waiting) => {
  one("clock-word").textContent = text;
  clock.classList.toggle("waiting", waiting);
};

/** The key, its legal basis, and how many were right. */
export const result = (turn, key, lines) => {
  one("panel").classList.add("result");
  one("law").hidden = false;
  one("key").textContent = word("key", { key });
  one("basis").textContent = turn.basis.text;
  options(lines);
  end(turn.answered ? percent(turn.right, turn.answered) : null);
  if (!turn.answered) clock.hidden = true;
};

const end = (text) => {
  one("run").hidden = text !== null;
  one("end").hidden = text === null;
  one("right").textContent = text || "";
};

/** The first five. */
export const board = ({ top }, title) => {
  lower("nothing");
  one("board").hidden = top.length === 0;
  one("board-title").textContent = title;
  fillBoard(one("top"), top.slice(0, FIRST_FIVE));
};

/** Fade out, or come back as we are without a movement. */
export const away = (is) => {
  document.body.classList.toggle("away", is);
  if (is) document.body.classList.add("still");
};

/** From now on what is new may move in. */
export const lively = () => document.body.classList.remove("still");

