/** Words for scripts, in the language of the page: they come from its JSON block, never from here. */

const block = document.querySelector("script[data-words]");
const words = block ? JSON.parse(block.textContent) : {};
const language = document.documentElement.lang;

/** `sentence` with its `{names}` filled in. */
export const fill = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name]);

/** The word or sentence called `name`, filled in. */
export const word = (name, values = {}) => fill(words[name], values);

/** 1530 as people write it: `1.530` in Vietnamese, `1,530` in English; what is written already stays. */
export const number = (value) => (typeof value === "string" ? value : new Intl.NumberFormat(language).format(value));

/** A part of a whole, in whole per cent from 0 to 100; 0 where there is nobody. */
export const share = (part, whole) => (whole ? Math.round((100 * part) / whole) : 0);

/** The same as people write it: `71%`. */
export const percent = (part, whole) =>
  new Intl.NumberFormat(language, { style: "percent" }).format(share(part, whole) / 100);

/** The letter of the option at a place on the screen. */
export const letterOf = (place) => "ABCDEF"[place];

/** A choice in words: `B`, `A, C`, `C → A → B`, or the number. */
export const inWords = (turn, chosen) => {
  if (turn.kind === "number") return String(chosen[0]);
  const letters = chosen.map((o) => letterOf(turn.options.findIndex((option) => option.o === o)));
  return turn.kind === "order" ? letters.join(" → ") : letters.sort().join(", ");
};
