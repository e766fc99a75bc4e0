/** The end of an exam: the clock in the header, and what happens when it has run out. The server hands in by itself. */

import { countdown, pageClock } from "./countdown.js";

const RETRY = 2000;

/** Keep the clock going; at its end call `before` (which may take its time), hand in, and show the result. */
export const deadline = (before = async () => {}) => {
  const element = document.querySelector("[data-countdown]");
  const form = document.querySelector("#hand-in");
  if (!element || !form) return;

  const leave = async () => {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      location.assign(answer.url);
    } catch {
      setTimeout(leave, RETRY);
    }
  };

  countdown(element, {
    closesAt: Number(element.dataset.closesAt),
    now: pageClock(Number(element.dataset.now)),
    over: async () => {
      await before();
      leave();
    },
  });
};
