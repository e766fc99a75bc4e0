/**
 * Answers on their way: the newest is sent until the server has spoken, over the socket or, when that fails, by HTTP;
 * always with the same id, so that it counts once. What is unsent survives a reload of the page.
 */

import { freshId } from "./fresh-id.js";

const RETRY = 1000;
const GIVEN_UP = new Set(["kept", "twice", "early", "late", "reused", "refused"]);

/** `settled(message, reply)` is called once per answer; `live` is the connection of the room `code`. */
export const outbox = ({ code, token, live, settled }) => {
  const place = `answer ${code}`;
  let waiting = JSON.parse(sessionStorage.getItem(place) || "null");
  let busy = false;
  let timer = null;

  const keep = (message) => {
    waiting = message;
    if (message) sessionStorage.setItem(place, JSON.stringify(message));
    else sessionStorage.removeItem(place);
  };

  const post = async (message) => {
    const answer = await fetch(`/api/v1/rooms/${code}/answers`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(message),
    });
    const reply = await answer.json();
    if (reply.verdict) return reply;
    if (answer.status >= 500 || answer.status === 429) return { verdict: "again" };
    return { verdict: "refused" };
  };

  const deliver = (message) => (live.isUp() ? live.request("answer", message).catch(() => post(message)) : post(message));

  const push = async () => {
    clearTimeout(timer);
    if (!waiting || busy) return;
    busy = true;
    const message = waiting;
    let reply = { verdict: "again" };
    try {
      reply = await deliver(message);
    } catch {
      // no network: the same message goes again
    }
    busy = false;
    if (message !== waiting) return push();
    if (!GIVEN_UP.has(reply.verdict)) {
      timer = setTimeout(push, RETRY);
      return undefined;
    }
    keep(null);
    return settled(message, reply);
  };

  return {
    /** Send the choice for a turn: option numbers, or for a number question the number itself. */
    send: (turn, kind, chosen) => {
      keep({ m: freshId(), turn, ...(kind === "number" ? { v: chosen[0] } : { o: chosen }) });
      push();
    },
    /** Try again now: the connection is back. */
    push,
    /** The choice for `turn` that is not yet kept, or null. */
    unsent: (turn) => (waiting && waiting.turn === turn ? waiting.o || [waiting.v] : null),
    /** Forget what was for another turn: it can no longer count. */
    drop: (turn) => {
      if (waiting && waiting.turn !== turn) keep(null);
    },
  };
};
