/** The connection to a room: a fresh ticket for every socket, the server's clock, and coming back by itself. */

import { io } from "../vendor/socket.io.esm.min.js";
import { pageClock } from "./countdown.js";
import { SERVER } from "./wire.js";

const FIRST_WAIT = 300;
const LONGEST_WAIT = 3000;
const ACK_WAIT = 2000;
const AT_JOIN = 8;
const LATER = 3;
const RESYNC = 30000;

/**
 * Connect to the room `code` as the bearer of `token`; `serverNow` is the server's time if the page brought it.
 *
 * `on` holds what to do for each message of the server; besides these `on.connected()`, `on.lost()` once per loss, and
 * `on.refused()` when no ticket is given any more. Returns `now` (the server's time in milliseconds), `request`
 * (a message, its answer as a promise that fails after two seconds), `isUp`, and `resume` after `moved`.
 */
export const join = ({ code, token, serverNow, on }) => {
  let socket = null;
  let wait = FIRST_WAIT;
  let again = null;
  let left = false;
  let up = false;
  let opening = false;
  let trip = Infinity; // the shortest round trip so far: its reading of the server's clock is the best
  let now = serverNow ? pageClock(serverNow) : Date.now;

  const request = (name, body) =>
    new Promise((resolve, reject) => {
      if (!up) return reject(new Error("not connected"));
      socket.timeout(ACK_WAIT).emit(name, body, (late, reply) => (late ? reject(late) : resolve(reply)));
    });

  const ticket = async () => {
    const answer = await fetch(`/api/v1/rooms/${code}/tickets`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    if (answer.ok) return (await answer.json()).ticket;
    if ([401, 403, 404].includes(answer.status)) left = true;
    throw new Error(`no ticket: ${answer.status}`);
  };

  const readClock = async (times) => {
    for (let i = 0; i < times; i += 1) {
      const sent = performance.now();
      const reply = await request("sync", {});
      const taken = performance.now() - sent;
      if (taken > trip) continue;
      const offset = reply.now - sent - taken / 2;
      trip = taken;
      now = () => performance.now() + offset;
    }
  };

  const lose = () => {
    if (up && !left) on.lost();
    up = false;
    clearTimeout(again);
    if (!left) again = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(LONGEST_WAIT, wait * 2);
  };

  const drop = () => {
    const old = socket;
    socket = null; // so that its end is not taken for a loss
    if (old) old.close();
  };

  const attach = (opened) => {
    opened.on("connect", () => {
      up = true;
      wait = FIRST_WAIT;
      on.connected();
      readClock(AT_JOIN).catch(() => {});
    });
    for (const name of SERVER)
      opened.on(name, (body) => {
        if (name === "moved") left = true;
        if (on[name]) on[name](body);
      });
    for (const end of ["disconnect", "connect_error"])
      opened.on(end, () => {
        if (opened !== socket) return;
        drop();
        lose();
      });
  };

  const open = async () => {
    clearTimeout(again);
    if (opening) return;
    opening = true;
    try {
      const auth = { ticket: await ticket() };
      drop();
      socket = io("/live", { transports: ["websocket"], auth, reconnection: false, forceNew: true });
      attach(socket);
    } catch {
      if (left) on.refused();
      else lose();
    } finally {
      opening = false;
    }
  };

  const hurry = () => {
    if (up || left || document.hidden) return;
    wait = FIRST_WAIT;
    open();
  };

  const resume = () => {
    left = false;
    open();
  };

  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  setInterval(() => {
    if (!up) return;
    trip *= 1.5; // an old reading loses its worth, since clocks drift
    readClock(LATER).catch(() => {});
  }, RESYNC);
  open();
  return { now: () => now(), request, isUp: () => up, resume };
};
