/** What the screen of the hall shows of a question: one function per thing that changes. */

import { fitCode, fitQuestion } from "./stage-fit.js";
import { number, percent, word } from "./words.js";

const CODE_LARGE_UNTIL = 3;

const one = (name, within = document) => within.querySelector(`[data-${name}]`);
let under = "LOBBY"; // what the phase shows
let over = ""; // a scene in front of it
let small = false; // whether the join code has had its time

export const ring = one("ring");

/** Show this part of the page for the phase; a scene stays in front of it. */
export const view = (name) => {
  under = name;
  show();
};

/** Put a scene in front; none with an empty name. */
export const cover = (name) => {
  over = name;
  show();
};

const show = () => {
  const shown = over || under;
  for (const part of document.querySelectorAll("[data-view]")) part.hidden = part.dataset.view !== shown;
  one("step").hidden = shown !== "QUESTION";
  document.body.dataset.shown = shown;
  fit();
};

export const foot = (text) => {
  one("foot").textContent = text;
  one("foot").hidden = !text;
  one("why").hidden = true;
  fit();
};

export const count = ({ answered, joined }) => {
  if (joined !== undefined) {
    one("joined").textContent = number(joined);
    one("of").textContent = number(joined);
  }
  if (answered !== undefined) one("answered").textContent = number(answered);
};

/** A question without its options yet; `step` says where we are. */
export const question = ({ n, stem }, step) => {
  one("step").textContent = step;
  one("stem").textContent = stem;
  small = n > CODE_LARGE_UNTIL;
  for (const name of ["done", "time-up", "number", "why"]) one(name).hidden = true;
  one("count").hidden = true;
  one("options").replaceChildren();
  ask("");
  view("QUESTION");
};

export const ask = (text) => {
  one("ask").hidden = !text;
  one("ask").textContent = text;
};

/** How much of the time is left, 1 to 0, as the arc of the ring. */
export const arc = (left) => {
  ring.querySelector(".left-over").setAttribute("stroke-dashoffset", String(100 * (1 - Math.min(1, left))));
};

/** Show how many have answered. */
export const counted = () => {
  one("count").hidden = false;
};

/** Show the ring: until the opening (`waiting`), or while answers are taken. */
export const clock = (waiting) => {
  ring.hidden = false;
  one("time-up").hidden = true;
  one("ring-word").textContent = word(waiting ? "to-open" : "seconds");
  ring.classList.toggle("waiting", waiting);
};

/** The time is up: a word in the place of the ring. */
export const timeUp = () => {
  ring.hidden = true;
  one("time-up").hidden = false;
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
  slot("pc").hidden = !counted;
  slot("share").toggleAttribute("hidden", !counted); // a drawing has no property of that name
  if (counted) {
    slot("percent").textContent = line.percent;
    slot("people").textContent = word("people", { n: number(line.count) });
    slot("share").firstElementChild.setAttribute("width", `${line.share}%`);
  }
  return item;
};

/** The result beside and below the options. */
export const result = (turn, key) => {
  ring.hidden = one("time-up").hidden = true;
  one("done").hidden = turn.answered === 0;
  one("right").textContent = percent(turn.right, turn.answered);
  one("answered").textContent = number(turn.answered);
  one("number").hidden = turn.kind !== "number";
  one("number").textContent = turn.kind === "number" ? key : "";
  one("foot").hidden = true;
  one("why").hidden = false;
  one("key").textContent = word("key", { key });
  one("explanation").textContent = turn.explanation;
  one("basis").textContent = turn.basis.text;
  fit();
};

export const notice = (text) => {
  one("notice").hidden = !text;
  one("notice").textContent = text;
};

export const lost = (is) => {
  one("chip").hidden = !is;
};

/** Hide the join code, or show it again. */
export const toggleCode = () => {
  for (const part of document.querySelectorAll("[data-code-shown]")) part.hidden = !part.hidden;
  fit();
};

export const fit = () => {
  if (document.querySelector("[data-view=QUESTION]").hidden) return;
  const list = one("options");
  fitQuestion(one("fitting"), list, list.classList.contains("plain") || list.classList.contains("few"));
  fitCode(one("join"), small);
};

addEventListener("resize", fit);
document.fonts.addEventListener("loadingdone", fit);
