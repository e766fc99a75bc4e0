/** Presses of the host: at once, or after a countdown that another press stops, because nothing is taken back later. */

import { say } from "./say.js";
import { word } from "./words.js";

const GUARDED = ["lock", "skip", "void", "confirm", "end"];
const SECONDS_TO_CANCEL = 3;

/** `request` sends a message; `refused` is told the reason, or null; `draw` is called while a press counts down. */
export const presser = ({ request, refused, draw, named }) => {
  let counting = null;

  const send = async (name, more = {}) => {
    try {
      const reply = await request("host", { do: name, ...more });
      refused(reply.refused ? reply.reason : null);
      return reply;
    } catch {
      refused(word("lost"));
      return { refused: true };
    }
  };

  const cancel = () => {
    if (!counting) return;
    clearInterval(counting.timer);
    counting = null;
    draw();
  };

  /** What the host wants, right now or in three seconds. While one press counts down no other is taken. */
  const press = (name, more = {}) => {
    if (counting) return;
    if (!GUARDED.includes(name)) return void send(name, more);
    counting = { name, left: SECONDS_TO_CANCEL };
    counting.timer = setInterval(() => {
      counting.left -= 1;
      if (counting.left > 0) return draw();
      cancel();
      return void send(name, more);
    }, 1000);
    draw();
    say(word("counting", { what: named(name), n: SECONDS_TO_CANCEL }));
  };

  const stop = () => {
    cancel();
    say(word("stopped"));
  };

  return { send, press, cancel, stop, counting: () => counting };
};
