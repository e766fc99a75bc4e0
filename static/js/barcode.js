/**
 * The server's clock as a strip of black and white cells in the picture of a stream: drawn by the overlay, read back by
 * whoever sees the picture later.
 *
 * 62 cells in one row: three to start (white black white), 48 bits of milliseconds since 1970, most significant first,
 * eight check bits, three to end (white black white). White is 1. The strip's place is fixed in a picture of 1920 x 1080
 * and scales with it, so a reader knows where to look; at 640 x 360 a cell is still ten pixels wide.
 */

export const WIDTH = 1920;
export const HEIGHT = 1080;
export const STRIP = { x: 30, y: 30, cell: 30, height: 96 };

const START = [1, 0, 1];
const END = [1, 0, 1];
const TIME_BITS = 48;
const CHECK_BITS = 8;
const LEAST_CONTRAST = 48; // of 255, between the white and the black cells of start and end
const DOUBTFUL = 0.15; // of the contrast, around its middle: a cell as grey as that is neither (two frames mixed, or no strip)
const INSIDE = [-0.25, 0, 0.25]; // where a cell is looked at, in cells from its middle

const bits = (value, length) => Array.from({ length }, (_, i) => Math.floor(value / 2 ** (length - 1 - i)) % 2);
const whole = (row) => row.reduce((value, bit) => value * 2 + bit, 0);

/** CRC-8 (0x07, from 0xff) of the time's bits. */
const check = (row) =>
  row.reduce((sum, bit) => {
    const over = ((sum >> 7) ^ bit) & 1;
    return ((sum << 1) & 0xff) ^ (over ? 0x07 : 0);
  }, 0xff);

/** The cells for `ms`, milliseconds since 1970: 1 is white. */
export const encode = (ms) => {
  const time = bits(Math.round(ms), TIME_BITS);
  return [...START, ...time, ...bits(check(time), CHECK_BITS), ...END];
};

/** Draw `ms` on `canvas`, which is as large as the strip. */
export const draw = (canvas, ms) => {
  const pen = canvas.getContext("2d");
  encode(ms).forEach((bit, i) => {
    pen.fillStyle = bit ? "#fff" : "#000";
    pen.fillRect(i * STRIP.cell, 0, STRIP.cell, canvas.height);
  });
};

/** How many cells a strip has. */
export const CELLS = START.length + TIME_BITS + CHECK_BITS + END.length;

/**
 * The time in a picture, or `null` if there is none that can be read without doubt. `pixels` is the `ImageData` of a
 * whole frame (or of its upper part: only `of`, the height of the whole frame, must then be said).
 */
export const decode = (pixels, of = pixels.height) => {
  const tall = of / HEIGHT;
  for (const part of [0.5, 0.3, 0.7]) {
    const y = Math.round((STRIP.y + STRIP.height * part) * tall);
    const ms = y < pixels.height ? decodeRow(lights(pixels, y)) : null;
    if (ms !== null) return ms;
  }
  return null;
};

/** The same from one row of brightnesses (0 to 255) through the strip, as wide as the picture. */
export const decodeRow = (row) => {
  const wide = row.length / WIDTH;
  const cells = Array.from({ length: CELLS }, (_, i) => {
    const seen = INSIDE.map((aside) => row[Math.floor((STRIP.x + STRIP.cell * (i + 0.5 + aside)) * wide)]);
    return seen.sort((a, b) => a - b)[1];
  });
  const marks = [...START.map((bit, i) => [bit, cells[i]]), ...END.map((bit, i) => [bit, cells[CELLS - END.length + i]])];
  const white = Math.min(...marks.filter(([bit]) => bit).map(([, light]) => light));
  const black = Math.max(...marks.filter(([bit]) => !bit).map(([, light]) => light));
  if (!(white - black >= LEAST_CONTRAST)) return null;
  const middle = (white + black) / 2;
  if (cells.some((light) => Math.abs(light - middle) < DOUBTFUL * (white - black))) return null;
  const read = cells.map((light) => (light > middle ? 1 : 0));
  const time = read.slice(START.length, START.length + TIME_BITS);
  const told = read.slice(START.length + TIME_BITS, START.length + TIME_BITS + CHECK_BITS);
  return whole(told) === check(time) ? whole(time) : null;
};

/** The brightness of each pixel of a row. */
const lights = ({ data, width }, y) =>
  Array.from({ length: width }, (_, x) => {
    const at = 4 * (y * width + x);
    return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  });
