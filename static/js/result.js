/** How a question came out, ready to be drawn on a shared screen: one line for each option or frequent answer. */

import { inWords, letterOf, percent, share } from "./words.js";

/** The key in letters, or the number: `B`, `A, C`, `C → A → B`, `15`. */
export const keyOf = (turn) => inWords(turn, turn.key);

/** The options as they are while the question is open. */
export const openLines = (turn) => turn.options.map(({ o, text }, place) => ({ o, text, letter: letterOf(place) }));

/** The same after the reveal, with shares; an ordering question gives its right order, a number the frequent answers. */
export const resultLines = (turn) => {
  const lines = openLines(turn);
  if (turn.kind === "order") {
    return turn.key.map((o, index) => ({ ...lines.find((line) => line.o === o), place: index + 1, right: true }));
  }
  const counted = (right, count) => ({
    right,
    count,
    share: share(count, turn.answered),
    percent: percent(count, turn.answered),
  });
  if (turn.kind === "number") {
    return turn.counts.map(({ v, count }) => ({ text: String(v), ...counted(v === turn.key[0], count) }));
  }
  return lines.map((line) => ({
    ...line,
    ...counted(turn.key.includes(line.o), turn.counts.find(({ o }) => o === line.o).count),
  }));
};
