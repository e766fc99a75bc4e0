/** A show beside a stream: what the server tells is held until the viewer's own picture has come to it (ux §7). */

const STILL = 4000; // a picture that has not moved for so long does not say any more where its viewer is
const LOOK = 250;

/**
 * `now` is the server's time, `release(name, body)` shows what was held. The viewer's programme time is that of the
 * frame on screen while frames come, else the server's clock less the latency. A message without `cue_at` stays behind
 * the one it follows.
 */
export const programme = ({ now, release }) => {
  let latency = 0;
  let frame = null; // the last one seen: its programme time, and when that was
  let held = [];
  let timer = null;

  const moves = () => frame !== null && performance.now() - frame.seenAt < STILL;
  const time = () => (moves() ? frame.time : now() - latency);

  const reach = () => {
    clearTimeout(timer);
    while (held.length && held[0].cue <= time()) {
      const { name, body } = held.shift();
      release(name, body);
    }
    if (held.length) timer = setTimeout(reach, moves() ? LOOK : held[0].cue - time());
  };

  return {
    time,
    /** Show a message when its time has come. */
    hold: (name, body) => {
      const last = held[held.length - 1];
      const cue = body.cue_at === undefined ? (last ? last.cue : -Infinity) : body.cue_at;
      const behind = held.findIndex((other) => other.cue > cue);
      held.splice(behind < 0 ? held.length : behind, 0, { cue, name, body });
      reach();
    },
    /** Forget what the present state, which has just come, already holds: all up to this programme time. */
    forget: (until) => {
      held = held.filter(({ cue }) => cue > until);
    },
    /** The frame now on screen shows this programme time; `null`: there is no picture any more. */
    frame: (shown) => {
      frame = shown === null ? null : { time: shown, seenAt: performance.now() };
      reach();
    },
    /** How far behind the programme this viewer is where no frame says it. */
    behind: (milliseconds) => {
      latency = milliseconds;
      reach();
    },
  };
};
