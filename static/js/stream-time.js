/** How far behind the programme a viewer's picture is: the arithmetic of every method (ux §7.1), in milliseconds. */

const REACTION = 250; // between seeing the frame and touching the glass
const CHANGE = 500;
const PAUSE = 5000;
const MIDDLE_OF = 5;

/** The stream's own clock at a frame: its programme date, moved from the moment that is playing to that very frame. */
export const clockOfFrame = (playingDate, { mediaTime, currentTime }) =>
  playingDate + (mediaTime - currentTime) * 1000;

/** Programme time: the stream's own clock less what the monitor measured it to be ahead. */
export const programmeOf = (clock, offset) => clock - offset;

/** The latency of somebody who touched the screen at `tappedAt`: the newest frame that can be meant, or `null`. */
export const latencyOfTap = (tappedAt, frames, cap) => {
  const seenAt = tappedAt - REACTION;
  const meant = frames.filter((frame) => frame <= seenAt && seenAt - frame <= cap);
  return meant.length ? seenAt - Math.max(...meant) : null;
};

/** Calms figures that jump: each call takes one and gives the middle of the last few. */
export const calm = () => {
  let last = [];
  return (figure) => {
    last = [...last, figure].slice(-MIDDLE_OF);
    return [...last].sort((a, b) => a - b)[Math.floor(last.length / 2)];
  };
};

/**
 * Reports a latency when it changed by more than half a second, at most every five seconds; the newest is never lost,
 * only later. `send(method, latency)` may fail: then it is told again. `now` and `later` are any clock.
 */
export const reporter = ({ send, now = () => performance.now(), later = setTimeout }) => {
  let newest = null;
  let told = null;
  let toldAt = -Infinity;
  let waits = false;

  const tell = () => {
    waits = false;
    const { method, latency } = newest;
    if (told && told.method === method && Math.abs(told.latency - latency) <= CHANGE) return;
    told = newest;
    toldAt = now();
    send(method, Math.round(latency)).catch(() => {
      told = null;
      wait(PAUSE);
    });
  };

  const wait = (milliseconds) => {
    if (!waits) later(tell, milliseconds);
    waits = true;
  };

  return (method, latency) => {
    newest = { method, latency };
    const early = toldAt + PAUSE - now();
    if (early > 0) wait(early);
    else if (!waits) tell();
  };
};
