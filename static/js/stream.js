/** The picture of a show, after the tap that asks for it: plays it, and says how far behind the programme it is. */

import { calm, latencyOfTap, programmeOf, reporter } from "./stream-time.js";
import { word } from "./words.js";

const PLAYERS = {
  hls: "./stream-hls.js",
  whep: "./stream-whep.js",
  youtube: "./stream-embed.js",
  facebook: "./stream-embed.js",
};
const RTC = 500; // WebRTC is never farther behind than this
const LARGEST = 120_000; // what the server takes for a latency

/**
 * `panel` is the part of the page beside the questions, `facts` what the server said about the stream (kept up to date
 * by the caller), `delay(milliseconds)` and `tell(sentence)` say something in the panel.
 */
export const stream = ({ panel, live, programme, facts, delay, tell }) => {
  const { provider, address, figure } = panel.dataset;
  const place = panel.querySelector("[data-picture]");
  const watch = panel.querySelector("[data-watch]");
  const edge = panel.querySelector("[data-edge]");
  const plays = document.querySelector("[data-room]").dataset.viewer === "";
  const send = (method, latency_ms) => live.request("stream:pos", { method, latency_ms });
  const report = plays ? reporter({ send }) : () => {};
  const calmed = calm();
  let playing = null;
  let wanted = 0; // which press the picture belongs to
  let own = null; // the viewer said it; what an embedded player says is no better

  /** Whether the picture is near enough for questions to wait for it. */
  const measured = (method, latency) => {
    const known = Math.min(Math.max(latency, 0), LARGEST);
    const near = known <= facts.cap;
    programme.behind(Math.min(known, facts.cap));
    delay(known);
    if (edge.hidden !== (near || !playing || !playing.catchUp)) edge.hidden = !edge.hidden;
    report(method, known);
    return near;
  };

  /** The stream's own clock, at the frame on screen or wherever an embedded player says it is. */
  const clock = (milliseconds) => {
    if (facts.offset === null) return own || measured("fixed", Number(figure));
    const shown = programmeOf(milliseconds, facts.offset);
    const latency = live.now() - shown;
    if (provider === "hls") return programme.frame(measured("pdt", latency) ? shown : null);
    panel.querySelector("[data-tap]").hidden = true; // nobody has to say what the player says
    return own || measured("anchor", calmed(latency));
  };

  const stop = (again = false) => {
    wanted += 1;
    watch.hidden = again || panel.querySelector("[data-saver]").checked;
    if (playing) playing.stop();
    playing = null;
    programme.frame(null);
    place.replaceChildren();
    place.hidden = true;
    edge.hidden = true;
  };

  const failed = () => {
    stop();
    tell(word("no-picture"));
  };

  const newVideo = () => {
    const video = document.createElement("video");
    Object.assign(video, { controls: true, playsInline: true });
    video.setAttribute("aria-label", place.dataset.title);
    place.replaceChildren(video);
    return video;
  };

  const start = async () => {
    stop(true);
    const press = wanted;
    place.hidden = false;
    try {
      const { play } = await import(PLAYERS[provider]);
      const embedded = provider === "youtube" || provider === "facebook";
      const video = embedded ? null : newVideo();
      const begun = await play({ video, place, address, title: place.dataset.title, clock, failed });
      if (press !== wanted) return begun && begun.stop();
      if (!begun) return failed();
      playing = begun;
      if (provider === "whep") measured("rtc", RTC);
      else if (!own && (facts.offset === null || provider === "facebook")) measured("fixed", Number(figure));
      if (video) await video.play().catch(() => silently(video));
    } catch {
      if (press === wanted) failed();
    }
    return undefined;
  };

  /** Sound needs a touch that this browser has already forgotten: the picture alone may begin. */
  const silently = (video) => {
    video.muted = true;
    return video.play().catch(() => {}); // its own button is left
  };

  const say = (method, latency) => {
    own = { method, latency };
    measured(method, latency);
  };

  return {
    start,
    stop: () => stop(),
    catchUp: () => playing && playing.catchUp && playing.catchUp(),
    /** The viewer has just seen the yellow frame. */
    tapped: () => {
      const latency = latencyOfTap(live.now(), [...facts.frames.values()], facts.cap);
      if (latency === null) tell(word("no-frame"));
      else say("tap", latency);
    },
    /** The viewer sits where the show is made. */
    inRoom: () => {
      stop();
      say("room", 0);
    },
    /** The connection is back: the server may have counted something else in the meantime. */
    again: () => own && measured(own.method, own.latency),
  };
};
