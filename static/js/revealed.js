/** A question of a room after the reveal: what was right and what was chosen, by sign and by word. */

import { close, show } from "./choices.js";
import * as screen from "./player-screen.js";
import { say } from "./say.js";
import { inWords, number, percent, word } from "./words.js";

/** Mark what was right and what was chosen, by sign and by word. */
const mark = (box, turn, chosen) => {
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
const keyInWords = (turn) => {
  const one = turn.kind !== "number" && turn.key.length === 1;
  const text = one ? ` – ${turn.options.find(({ o }) => o === turn.key[0]).text}` : "";
  return inWords(turn, turn.key) + text;
};

/** Show what was right and what `own` answer came to; who does not play is only told the key. */
export const reveal = (box, turn, own, plays) => {
  mark(box, turn, own);
  const { near } = document.querySelector("[data-room]").dataset;
  const right = own.length > 0 && own.join() === turn.key.join();
  const distance = turn.kind === "number" && own.length ? number(Math.abs(own[0] - turn.key[0])) : "";
  const name = right ? "right" : own.length ? "wrong" : plays ? "none" : "key-is";
  const sentence = word(name, { key: keyInWords(turn), distance });
  const calm = near || (!plays && !own.length); // nobody was wrong
  screen.result(right || calm, sentence, turn);
  say(sentence);
};
