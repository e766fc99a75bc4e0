/**
 * The monitor of a stream: sees what viewers see. The strip in the picture says when a frame was made, the stream says
 * what it takes that frame's time for; the difference goes to everybody. Where the picture cannot be read, a tap on the
 * yellow frame says the same.
 */

import { HEIGHT, STRIP, decode } from "./barcode.js";
import { join } from "./live.js";
import { offsetOfTap, settling } from "./offset.js";
import { say } from "./say.js";
import { number, word } from "./words.js";

const PLAYERS = { hls: "./stream-hls.js", youtube: "./stream-embed.js" };
const REACTION = 250; // between seeing the frame and pressing the button
const FRESH = 2000; // an older position of an embedded player does not say where it is now
const LATEST_TAP = 45_000; // nobody sees the frame of a question that much later

const page = document.querySelector("[data-monitor]");
const { code, token, provider, address, offset: known } = page.dataset;
const one = (name) => page.querySelector(`[data-${name}]`);

let seen = null; // the stream's clock at the frame last shown, and when that was
let frame = null; // the programme's moment of the yellow frame last shown
let offset = known === "" ? null : Number(known);
let settle = settling();
let shownAt = 0;

const tell = (name, sentence) => {
  if (one(name).textContent !== sentence) one(name).textContent = sentence;
};

const live = join({
  code,
  token,
  on: {
    connected: () => tell("line", word("connected")),
    lost: () => tell("line", word("reconnecting")),
    refused: () => location.reload(),
    "turn:opened": ({ opens_at }) => {
      frame = opens_at;
    },
    "stream:sync": ({ offset_ms }) => {
      offset = offset_ms;
    },
  },
});

const publish = async (measured, how) => {
  try {
    const reply = await live.request("host", { do: "offset", ms: measured });
    if (reply.refused) return tell("line", reply.reason);
    offset = measured;
    tell("measured", word(how, { time: new Date().toLocaleTimeString(document.documentElement.lang) }));
    return say(word("published"));
  } catch {
    settle = settling(); // the next frames say it again
    return tell("line", word("reconnecting"));
  }
};

const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** The time in the strip of the frame on screen, or `null`. */
const readStrip = (video) => {
  const { videoWidth: wide, videoHeight: tall } = video;
  if (!wide) return null;
  const upper = Math.ceil(((STRIP.y + STRIP.height) / HEIGHT) * tall);
  if (pen.canvas.width !== wide || pen.canvas.height !== upper) Object.assign(pen.canvas, { width: wide, height: upper });
  pen.drawImage(video, 0, 0);
  return decode(pen.getImageData(0, 0, wide, upper), tall);
};

const showDelay = (clock) => {
  if (offset === null || performance.now() - shownAt < 500) return;
  shownAt = performance.now();
  tell("delay", word("delay", { n: number(Math.round((live.now() - (clock - offset)) / 100) / 10) }));
};

const look = (video) => (clock) => {
  seen = { clock, at: performance.now() };
  showDelay(clock);
  if (!video) return;
  const read = readStrip(video);
  tell("strip", word(read === null ? "no-strip" : "strip"));
  const measured = read === null ? null : settle(clock, read);
  if (measured !== null && measured !== offset) publish(measured, "by-strip");
};

const open = async () => {
  const place = one("picture");
  one("open").hidden = true;
  place.hidden = false;
  const failed = () => {
    place.replaceChildren();
    place.hidden = true;
    one("open").hidden = false;
    tell("line", word("no-signal"));
  };
  try {
    const { play } = await import(PLAYERS[provider]);
    const video = provider === "hls" ? document.createElement("video") : null;
    if (video) {
      Object.assign(video, { muted: true, playsInline: true, controls: true });
      video.setAttribute("aria-label", place.dataset.title);
      place.replaceChildren(video);
    }
    const begun = await play({ video, place, address, title: place.dataset.title, clock: look(video), failed });
    if (!begun) return failed();
    if (video) await video.play();
    one("tap").disabled = false;
  } catch {
    failed();
  }
  return undefined;
};

const tapped = () => {
  const now = performance.now();
  if (!seen || (provider !== "hls" && now - seen.at > FRESH)) return tell("line", word("not-playing"));
  if (frame === null || live.now() - frame > LATEST_TAP) return tell("line", word("no-frame"));
  const clock = seen.clock + (now - seen.at);
  return publish(offsetOfTap(clock, REACTION, frame), "by-tap");
};

one("open").addEventListener("click", open);
one("tap").addEventListener("click", tapped);
