/** The lobby of the stage: who has come, the newest first. */

import { count } from "./stage-screen.js";

const NAMES = 24;

const list = document.querySelector("[data-names]");

/** Those who came last, newest first; who is shown already stays where they are. */
export const lobby = ({ names, joined }) => {
  count({ joined });
  const known = [...list.children];
  const fresh = [...names];
  for (const item of known) {
    const place = fresh.indexOf(item.textContent);
    if (place < 0) item.remove();
    else fresh.splice(place, 1);
  }
  for (const name of fresh.reverse()) list.prepend(Object.assign(document.createElement("li"), { textContent: name }));
  while (list.children.length > NAMES) list.lastElementChild.remove();
};
