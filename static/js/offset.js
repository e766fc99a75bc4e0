/** How far a stream's own clock is from the programme, from what a monitor saw: the arithmetic, in milliseconds. */

const ENOUGH = 5; // readings of the strip that agree
const AGREE = 60; // a frame and a half
const KEPT = 25; // a second of frames
const WORTH = 20; // a smaller change is noise

const middle = (figures) => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)];

/**
 * Settles on an offset from readings of the strip. Each call takes the stream's clock at a frame and the time read from
 * that frame, and gives an offset worth publishing, or `null`. An encoder that starts anew makes new readings disagree
 * with the old ones: these are forgotten.
 */
export const settling = () => {
  let readings = [];
  let settled = null;
  return (clock, read) => {
    const reading = clock - read;
    if (readings.length && Math.abs(reading - middle(readings)) > AGREE) readings = [];
    readings = [...readings, reading].slice(-KEPT);
    if (readings.length < ENOUGH) return null;
    const offset = Math.round(middle(readings));
    if (settled !== null && Math.abs(offset - settled) < WORTH) return null;
    settled = offset;
    return offset;
  };
};

/** The offset from a person's tap: the stream's clock then, less the time to react, less the programme's moment of the frame. */
export const offsetOfTap = (clock, reaction, frame) => Math.round(clock - reaction - frame);
