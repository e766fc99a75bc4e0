/**
 * Answers of an exam on their way: kept on the device, sent one after the other until the server has spoken, each with
 * the same id on every try, so that it counts once.
 */

import { freshId } from "./fresh-id.js";

const RETRY = 2000;
const PREFIX = "quiz ";

const forgetOthers = (place) => {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && key !== place) localStorage.removeItem(key);
};

/**
 * The queue of one attempt; `address` takes its messages. `settled(message, verdict)` is called once for each answer,
 * `stuck(true or false)` when the network fails and when it works again.
 */
export const outgoing = ({ attempt, address, token, settled, stuck }) => {
  const place = PREFIX + attempt;
  let queue = [];
  let sending = null;
  let timer = null;

  const keep = () => {
    try {
      if (queue.length) localStorage.setItem(place, JSON.stringify(queue));
      else localStorage.removeItem(place);
    } catch {
      // a full or forbidden store: the queue lives as long as the page
    }
  };

  const post = async (message) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrftoken": token },
      body: JSON.stringify(message),
    });
    if (answer.status === 409) location.reload(); // another device took the attempt over: the page says so
    if (answer.status >= 500 || answer.status === 429 || answer.status === 409) throw new Error(String(answer.status));
    const json = answer.ok && answer.headers.get("content-type").startsWith("application/json");
    return json ? (await answer.json()).verdict : "refused";
  };

  const push = async () => {
    clearTimeout(timer);
    if (sending || !queue.length) return;
    [sending] = queue;
    try {
      const verdict = await post(sending);
      const message = sending;
      queue = queue.filter((one) => one !== message);
      keep();
      stuck(false);
      settled(message, verdict);
    } catch {
      stuck(true);
      timer = setTimeout(push, RETRY);
      return;
    } finally {
      sending = null;
    }
    push();
  };

  try {
    forgetOthers(place);
    queue = JSON.parse(localStorage.getItem(place) || "[]");
  } catch {
    queue = [];
  }
  addEventListener("online", push);
  push();

  return {
    /** Send `chosen` for the question `q`; what waits for the same question is replaced. */
    send: (q, kind, chosen) => {
      queue = queue.filter((one) => one.q !== q || one === sending);
      queue.push({ m: freshId(), q, ...(kind === "number" ? { v: chosen[0] } : { o: chosen }) });
      keep();
      push();
    },
    /** Whether everything has arrived. */
    isEmpty: () => queue.length === 0,
    /** The newest answer to `q` that has not arrived yet, or null. */
    unsent: (q) => queue.filter((one) => one.q === q).pop() || null,
    push,
  };
};
