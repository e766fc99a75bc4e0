/** A question of a room after the reveal: what was right and what was chosen, by sign and by word. */

import { close, show } from "./choices.js";
import { inWords, percent, word } from "./words.js";

/** Mark what was right and what was chosen, by sign and by word. */
export const mark = (box, turn, chosen) => {
  if (turn.kind === "order") show(box, turn, turn.key);
  close(box);
  for (const item of box.querySelectorAll("[data-o]")) {
    const o = Number(item.dataset.o);
    const right = turn.key.includes(o);
    const taken = chosen.includes(o);
    const { count } = turn.counts.find((each) => each.o === o);
    const notes = [right && word("key"), taken && word("chosen"), word("share", { share: percent(count, turn.answered) })];
    const note = Object.assign(document.createElement("small"), { textContent: notes.filter(Boolean).join(" · ") });
    item.classList.toggle("right", right);
    item.classList.toggle("wrong", taken && !right);
    item.querySelector(".txt").append(note);
  }
};

/** The right answer in words, with its text where it is one option: `B – 15 năm`. */
export const keyInWords = (turn) => {
  const one = turn.kind !== "number" && turn.key.length === 1;
  const text = one ? ` – ${turn.options.find(({ o }) => o === turn.key[0]).text}` : "";
  return inWords(turn, turn.key) + text;
};
