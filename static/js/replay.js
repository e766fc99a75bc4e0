/** A recording beside its questions: once it plays, each question appears when the picture comes to it. */

import { say } from "./say.js";
import { word } from "./words.js";

const PLAYERS = { hls: "./stream-hls.js", youtube: "./stream-embed.js", facebook: "./stream-embed.js" };

const film = document.querySelector("[data-film]");
const { provider, address } = film.dataset;
const place = film.querySelector("[data-picture]");
const watch = film.querySelector("[data-watch]");
const hold = film.querySelector("[data-hold]");
const line = film.querySelector("[data-line]");
const initially = line.textContent;

let video = null;
let waits = null; // the question for which the picture was stopped

const questions = () => [...document.querySelectorAll("form[data-at]")];

const ask = (form) => {
  form.hidden = false;
  form.scrollIntoView({ block: "nearest" });
  say(word("asked", { question: form.querySelector("h2").textContent }));
  if (!video || !hold.checked || form.hasAttribute("data-settled")) return;
  waits = form.id;
  video.pause();
};

/** The picture has come to this moment, in milliseconds from its beginning. */
const reached = (moment) => {
  for (const form of questions()) {
    if (form.hidden && Number(form.dataset.at) <= moment) ask(form);
  }
};

const showAll = () => {
  for (const form of questions()) form.hidden = false;
};

const failed = () => {
  place.replaceChildren();
  place.hidden = true;
  watch.hidden = false;
  line.textContent = word("no-picture");
  showAll();
};

const newVideo = () => {
  video = document.createElement("video");
  Object.assign(video, { controls: true, playsInline: true });
  video.setAttribute("aria-label", place.dataset.title);
  video.addEventListener("timeupdate", () => reached(video.currentTime * 1000));
  place.replaceChildren(video);
  return video;
};

const start = async () => {
  watch.hidden = true;
  place.hidden = false;
  line.textContent = initially;
  try {
    const { play } = await import(PLAYERS[provider]);
    const shown = provider === "hls" ? newVideo() : null;
    const clock = shown ? () => {} : reached;
    const begun = await play({ video: shown, place, address, title: place.dataset.title, clock, failed });
    if (!begun) return failed();
    if (provider !== "facebook") {
      for (const form of questions()) form.hidden = Number(form.dataset.at) > 0 && !form.hasAttribute("data-settled");
    }
    if (shown) await shown.play();
  } catch {
    failed();
  }
  return undefined;
};

watch.addEventListener("click", start);
document.addEventListener("part:swapped", ({ target }) => {
  if (!video || target.id !== waits || !target.hasAttribute("data-settled")) return;
  waits = null;
  video.play().catch(() => {}); // its own button is left
});
