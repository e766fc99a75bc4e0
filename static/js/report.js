/** Keeps the figures of a running contest up to date: the part comes anew every so many seconds, unless paused. */

import { say } from "./say.js";

const part = () => document.querySelector("[data-live]");
let paused = false;

/** The tables that the reader has unfolded stay so. */
const unfolded = (box) => [...box.querySelectorAll("figure.chart")].filter((one) => one.querySelector("details[open]"));

const show = (fresh) => {
  const old = part();
  const open = unfolded(old).map((one) => one.getAttribute("aria-labelledby"));
  old.replaceWith(fresh);
  for (const figure of fresh.querySelectorAll("figure.chart")) {
    if (open.includes(figure.getAttribute("aria-labelledby"))) figure.querySelector("details").open = true;
  }
  ready(fresh);
};

const look = async () => {
  const now = part();
  if (!now || paused || document.hidden || now.matches(":focus-within")) return; // nobody loses their place
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector('[data-part="figures"]');
    if (!fresh) return;
    show(fresh);
    if (!fresh.dataset.live) say(now.dataset.updated);
  } catch {
    // the network is away: the next look may find it again
  }
};

const ready = (box) => {
  const button = box.querySelector("[data-pause]");
  if (!button) return;
  button.hidden = false;
  button.setAttribute("aria-pressed", String(paused));
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-pause]");
  if (!button) return;
  paused = !paused;
  button.setAttribute("aria-pressed", String(paused));
});

if (part()) {
  ready(part());
  setInterval(look, 1000 * Number(part().dataset.live));
}
