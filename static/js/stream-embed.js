/**
 * The player of another house in a frame of its own, loaded after a tap. YouTube's tells its position by messages, so
 * none of its scripts comes into this page (method `anchor`); Facebook's tells nothing.
 */

const ASK_AGAIN = 500;

/** Put the player at `address` into `place`; `clock(milliseconds)` is told its position whenever it says so. */
export const play = ({ place, address, title, clock }) => {
  const frame = document.createElement("iframe");
  const { origin } = new URL(address);
  Object.assign(frame, { src: address, title, referrerPolicy: "strict-origin-when-cross-origin", allowFullscreen: true });
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  place.replaceChildren(frame);

  const ask = () => frame.contentWindow.postMessage(JSON.stringify({ event: "listening", channel: "widget" }), origin);
  const asking = setInterval(ask, ASK_AGAIN);
  const hear = ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin || typeof data !== "string") return;
    const position = positionIn(data);
    if (position === null) return;
    clearInterval(asking);
    clock(position * 1000);
  };
  addEventListener("message", hear);
  return {
    stop: () => {
      clearInterval(asking);
      removeEventListener("message", hear);
      place.replaceChildren();
    },
  };
};

/** The position in seconds that a message of the player holds, or `null`. */
export const positionIn = (data) => {
  let told = null;
  try {
    told = JSON.parse(data);
  } catch {
    return null; // players also send other things
  }
  const position = told && told.info ? told.info.currentTime : null;
  return Number.isFinite(position) ? position : null;
};
