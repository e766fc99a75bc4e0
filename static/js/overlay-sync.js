/** The mark of an opening in the stream's picture: a gold frame for people, a strip with the server's clock for a monitor. */

import { CELLS, draw, STRIP } from "./barcode.js";

const LENGTH = 1000;

const sign = document.querySelector("[data-sync]");
const canvas = sign.querySelector("canvas");
canvas.width = CELLS * STRIP.cell;
canvas.height = STRIP.height;

/** Show the mark from now on, for a second; `now` tells the server's time. */
export const mark = (now, length = LENGTH) => {
  const until = now() + length;
  const frame = () => {
    const at = now();
    sign.hidden = at >= until;
    if (sign.hidden) return;
    draw(canvas, at);
    requestAnimationFrame(frame);
  };
  frame();
};
