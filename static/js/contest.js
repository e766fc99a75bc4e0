/** Pages of a contest: how long until it opens or closes, and lines that are fetched again while somebody looks. */

import { digits, pageClock, secondsLeft } from "./countdown.js";

const DAY = 24 * 3600;
const SPREAD = 8000; // a page that waits for the opening loads again within so many milliseconds, not all at once

const clock = (seconds) => {
  const hours = Math.floor(seconds / 3600);
  const rest = digits(seconds % 3600 || 0);
  if (!hours) return digits(seconds);
  return `${hours}:${seconds % 3600 < 60 ? `00:${rest.padStart(2, "0")}` : rest.padStart(5, "0")}`;
};

/** Seconds as people read them from afar: `2 ngày 3:04:05`, `3:04:05`, `4:05`. `day` is the word with its place {n}. */
export const span = (seconds, day) => {
  const days = Math.floor(seconds / DAY);
  return `${days ? `${day.replace("{n}", days)} ` : ""}${clock(seconds % DAY)}`;
};

const keep = (element) => {
  const { until, now, day } = element.dataset;
  const serverNow = pageClock(Number(now));
  const tick = () => {
    const left = secondsLeft(Number(until), serverNow());
    element.querySelector("[data-left]").textContent = span(left, day);
    if (left > 0) return;
    clearInterval(timer);
    setTimeout(() => location.reload(), Math.random() * SPREAD);
  };
  const timer = setInterval(tick, 1000);
  element.hidden = false;
  tick();
};

const refresh = async (element) => {
  if (document.hidden) return;
  try {
    const place = new URL(location.href);
    place.searchParams.set("theo-doi", "1"); // no visit of its own
    const answer = await fetch(place);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const { dataset } of page.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part="${dataset.part}"]`);
      const fresh = page.querySelector(`[data-part="${dataset.part}"]`);
      if (old && old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // the next time will do
  }
};

for (const element of document.querySelectorAll("[data-until]")) keep(element);
const poll = document.querySelector("[data-poll]");
if (poll) setInterval(() => refresh(poll), 1000 * Number(poll.dataset.poll));
