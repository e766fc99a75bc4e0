/** A stream of one's own as HLS: plays it and tells the programme date of every frame (method `pdt`). */

import { clockOfFrame } from "./stream-time.js";

const TICK = 100; // where a browser does not say which frame it shows
const APPLE = "application/vnd.apple.mpegurl";

/** hls.js says the date of what is playing; it is loaded only where the browser can use it. */
const byLibrary = async (video, address, failed) => {
  const { default: Hls } = await import("../vendor/hls.light.esm.min.js");
  if (!Hls.isSupported()) return null;
  const workerPath = new URL("../vendor/hls.worker.js", import.meta.url).href; // taking segments apart must not hold up frames
  const player = new Hls({ workerPath, capLevelToPlayerSize: true, backBufferLength: 30 });
  let mended = false;
  player.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      player.recoverMediaError();
    } else failed();
  });
  player.loadSource(address);
  player.attachMedia(video);
  return {
    date: () => (player.playingDate ? player.playingDate.getTime() : null),
    toEdge: () => player.liveSyncPosition,
    end: () => player.destroy(),
  };
};

/** Safari plays it itself and says the date of its beginning. */
const byBrowser = (video, address, failed) => {
  if (!video.canPlayType(APPLE) || !video.getStartDate) return null;
  video.addEventListener("error", failed);
  video.src = address;
  return {
    date: () => {
      const start = video.getStartDate().getTime();
      return Number.isNaN(start) ? null : start + video.currentTime * 1000;
    },
    toEdge: () => (video.seekable.length ? video.seekable.end(video.seekable.length - 1) - 3 : null),
    end: () => video.removeAttribute("src"),
  };
};

/** Call `look(mediaTime)` for every frame as it is shown. */
const eachFrame = (video, look) => {
  if (!video.requestVideoFrameCallback) {
    const timer = setInterval(() => !video.paused && look(video.currentTime), TICK);
    return () => clearInterval(timer);
  }
  let request = null;
  const next = () => {
    request = video.requestVideoFrameCallback((_, { mediaTime }) => {
      look(mediaTime);
      next();
    });
  };
  next();
  return () => video.cancelVideoFrameCallback(request);
};

/** Play `address` in `video`; `clock(milliseconds)` is told for every frame. Returns how to stop it, or `null`. */
export const play = async ({ video, address, clock, failed }) => {
  const player = (await byLibrary(video, address, failed)) || byBrowser(video, address, failed);
  if (!player) return null;
  const blind = eachFrame(video, (mediaTime) => {
    const playingDate = player.date();
    if (playingDate !== null) clock(clockOfFrame(playingDate, { mediaTime, currentTime: video.currentTime }));
  });
  return {
    /** Leave out what is between here and now. */
    catchUp: () => {
      const edge = player.toEdge();
      if (edge !== null) video.currentTime = edge;
    },
    stop: () => {
      blind();
      player.end();
    },
  };
};
