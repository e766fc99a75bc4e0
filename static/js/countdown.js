/** The clock on a page: draws how much of the server's time is left. The server decides, this only draws. */

import { say } from "./say.js";

const SPOKEN = [20, 10, 5];
const LOW = 10;

/** Whole seconds left until `closesAt`, never below zero (both in milliseconds). */
export const secondsLeft = (closesAt, now) => Math.max(0, Math.ceil((closesAt - now) / 1000));

/** Seconds as people read them: `24`, or `12:05` from a minute on. */
export const digits = (seconds) =>
  seconds < 60 ? String(seconds) : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** A clock from the server's time as it stood on the page: later readings use the monotonic clock. */
export const pageClock = (serverNow) => {
  const [page] = performance.getEntriesByType("navigation");
  const readAt = page ? page.responseStart : performance.now();
  return () => serverNow + performance.now() - readAt;
};

/**
 * Keep `element` (the macro `timer`) going until `closesAt`; `now` tells the server's time. Says 20, 10 and 5 seconds,
 * and that time is up; then calls `over`. Returns the function that stops it.
 */
export const countdown = (element, { closesAt, now, over = () => {}, draw = () => {} }) => {
  const seconds = element.querySelector("[data-seconds]");
  const unit = element.querySelector("[data-unit]");
  let last = null;
  const tick = () => {
    draw(Math.max(0, closesAt - now()));
    const left = secondsLeft(closesAt, now());
    if (left === last) return;
    seconds.textContent = digits(left);
    if (unit) unit.hidden = left >= 60;
    element.classList.toggle("low", left <= LOW);
    if (last !== null && SPOKEN.includes(left)) say(element.dataset.left.replace("{n}", left));
    last = left;
    if (left > 0) return;
    stop();
    say(element.dataset.over);
    over();
  };
  const timer = setInterval(tick, 200);
  const stop = () => clearInterval(timer);
  tick();
  return stop;
};
