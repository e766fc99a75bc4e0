/** What a player's phone shows: one function per thing that changes; it knows the page, and nothing of the game. */

import { fillBoard } from "./standings.js";
import { fill, number, word } from "./words.js";

const one = (name, within = document) => within.querySelector(`[data-${name}]`);
const all = (name) => document.querySelectorAll(`[data-${name}]`);
const room = one("room");

const BETWEEN = new Set(["LOBBY", "BOARD", "FINISHED"]); // views that leave time for something else

export const box = one("options");
export const clock = one("countdown");

/** Show one of the views and put the focus on its heading. */
export const view = (name) => {
  const changed = one(`view="${name}"`).hidden;
  for (const part of all("view")) part.hidden = part.dataset.view !== name;
  room.dataset.shows = name;
  one("foot").hidden = name !== "QUESTION";
  for (const part of all("between")) part.hidden = !BETWEEN.has(name);
  if (changed && name !== "QUESTION") heading(one(`view="${name}"`).querySelector("h1"));
};

/** Where we are: in the bar, in the line under it and in the title of the page. */
export const step = ({ n, of }) => {
  one("step").textContent = word("step", { n, of });
  document.title = `${word("page", { n, of })} – ${room.dataset.title}`;
  const track = document.querySelector(".track");
  track.setAttribute("aria-valuenow", n);
  track.setAttribute("aria-valuemax", of);
  track.firstElementChild.setAttribute("width", `${(100 * n) / of}%`);
};

/** A new question: its words on top, nothing else yet. */
export const question = ({ stem }) => {
  one("stem").textContent = stem;
  one("question").classList.remove("settled");
  one("foot").className = "foot";
  one("sheet").hidden = true;
  box.replaceChildren();
  heading(one("stem"));
};

export const hint = (text) => {
  if (one("hint").textContent !== text) one("hint").textContent = text;
};

/** The line beside the button; the tick only when the server has the answer. */
export const status = (text, kept = false) => {
  one("status").hidden = !text;
  one("status-text").textContent = text;
  one("tick").hidden = !kept;
};

/** The one button: its words, or none where a tap is enough. */
export const button = (text, ready = true) => {
  const send = one("send");
  send.hidden = text === null;
  if (text !== null) send.textContent = text;
  send.setAttribute("aria-disabled", String(!ready));
};

/** Time is over: the options stay to be read. */
export const settle = () => {
  one("question").classList.add("settled");
  clock.hidden = true;
  button(null);
};

/** The result of a question, in the sheet at the bottom. */
export const result = (right, sentence, { explanation, basis }) => {
  one("foot").className = `foot ${right ? "right" : "wrong"}`;
  one("verdict").textContent = sentence;
  one("explanation").textContent = explanation;
  if (basis.href) one("basis").href = basis.href;
  else one("basis").removeAttribute("href"); // a document whose text is not kept here
  one("basis-text").textContent = basis.text;
  one("status").hidden = true;
  one("sheet").hidden = false;
  const stays = getComputedStyle(one("foot")).position === "sticky"; // then the sheet is in sight wherever the page is
  const answer = box.querySelector(".right");
  if (stays && answer) answer.scrollIntoView({ block: "center" });
  one("result").focus({ preventScroll: stays });
};

/** One's own place; people hors concours have points and no place. */
export const mine = ({ points, rank, of }) => {
  for (const part of all("mine")) {
    part.hidden = false;
    one("rank", part).textContent = rank === null ? "–" : number(rank);
    one("of", part).textContent = number(of);
    one("points", part).textContent = number(points);
  }
  const place = rank === null ? "unranked" : "score";
  one("score").textContent = word(place, { points: number(points), rank: number(rank), of: number(of) });
};

/** Still in a game that ends for whoever errs, or out of it. */
export const inside = (sentence) => {
  one("inside").hidden = false;
  one("inside-text").textContent = sentence;
  return sentence;
};

/** One's name as it is shown; whether the host has changed it. */
export const named = (name) => {
  if (room.dataset.name === name) return false;
  room.dataset.name = name;
  for (const place of all("own-name")) place.textContent = name;
  return true;
};

/** The first ten, and the teams; an empty board is one that the host keeps to himself. */
export const board = ({ top, teams = [] }) => {
  const scores = teams.map(({ rank, team, score }) => ({ rank, name: team, points: score }));
  for (const list of all("top")) fillBoard(list, top, { name: room.dataset.name });
  for (const list of all("teams")) fillBoard(list, scores, { name: room.dataset.team });
  one("hidden-board").hidden = top.length > 0;
};

export const notice = (text) => {
  one("notice").hidden = !text;
  one("notice-text").textContent = text;
};

/** The network: nothing to say, or a sentence, later with a way to reload. */
export const network = (sentence, reload = false) => {
  one("offline").hidden = sentence === null;
  if (sentence !== null) one("offline-text").textContent = fill(sentence, {});
  one("reload").hidden = !reload;
};

/** One short buzz, where the phone has one and its owner has touched the page. */
export const buzz = () => {
  if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate(60);
};

const heading = (element) => {
  element.focus({ preventScroll: true });
  scrollTo(0, 0);
};
