/** The panel of a stream: nothing of the picture is loaded before somebody asks for it. */

import { keep } from "./prefs.js";
import { word } from "./words.js";

const STEP = 700; // a smaller change is not worth a new sentence

/** Bring the panel to life. `programme` holds what is heard until the viewer's picture has come to it. */
export const beside = ({ live, programme }) => {
  const panel = document.querySelector("[data-stream]");
  const one = (name) => panel.querySelector(`[data-${name}]`);
  const facts = { offset: null, cap: Infinity, frames: new Map() };
  let loading = null;
  let measures = false;
  let said = null;

  const tell = (sentence) => {
    said = null;
    one("delay").textContent = sentence;
  };

  const delay = (latency) => {
    if (said !== null && Math.abs(said - latency) < STEP) return;
    const name = latency > facts.cap ? "far" : latency < 1000 ? "direct" : "delay";
    tell(word(name, { n: Math.round(Math.min(latency, facts.cap) / 1000) }));
    said = latency;
  };

  const use = async (what) => {
    measures = true;
    loading = loading || import("./stream.js").then(({ stream }) => stream({ panel, live, programme, facts, delay, tell }));
    try {
      (await loading)[what]();
    } catch {
      loading = null; // no network now; the next tap asks again
      tell(word("no-picture"));
    }
  };

  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-use]");
    if (button) use(button.dataset.use);
  });
  one("saver").addEventListener("change", ({ target }) => {
    keep("saver", target.checked ? "1" : "");
    one("watch").hidden = target.checked;
    if (loading) use("stop");
  });
  const { saveData, effectiveType } = navigator.connection || {};
  if (saveData || /^(slow-)?[23]g$/.test(effectiveType)) panel.open = false;

  return {
    /** What the server says about the stream and this viewer. */
    sync: ({ offset_ms, cap_ms, latency_ms }) => {
      Object.assign(facts, { offset: offset_ms, cap: cap_ms });
      return measures ? use("again") : delay(latency_ms);
    },
    /** At this programme time the picture of the studio shows the yellow frame for this question, which needs room. */
    frame: (turn, cue) => {
      facts.frames.set(turn, cue);
      if (one("picture").hidden && !one("more").open) panel.open = false;
    },
  };
};
