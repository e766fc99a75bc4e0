/** What the host's console shows. It is told only what the hall may see, and how many have answered. */

import { number, word } from "./words.js";

const one = (name, within = document) => within.querySelector(`[data-${name}]`);

export const clock = one("countdown");

/** Where the show stands. */
export const place = ({ turn_n: n, of, phase, paused }) => {
  const name = paused ? `${word(phase)}, ${word("paused")}` : word(phase);
  one("phase").textContent = n ? word("at", { n, of, phase: name }) : name;
};

export const figures = ({ answered, online, joined }) => {
  if (answered !== undefined) one("answered").textContent = word("answered", { n: number(answered), of: number(joined) });
  if (online !== undefined) one("online").textContent = number(online);
  if (joined !== undefined) one("joined").textContent = number(joined);
};

/** What everybody sees now: a heading, a line under it, and the options or nothing. */
export const hall = (heading, line = "", options = [], why = "") => {
  one("stem").textContent = heading;
  one("line").textContent = line;
  one("why").textContent = why;
  one("options").replaceChildren(
    ...options.map((option) => {
      const item = document.querySelector("template[data-option]").content.firstElementChild.cloneNode(true);
      item.className = `${option.letter || ""} ${option.right ? "right" : ""}`.trim();
      for (const name of ["letter", "text", "percent"]) {
        const slot = item.querySelector(`[data-slot=${name}]`);
        slot.textContent = option[name] || "";
        slot.hidden = !option[name];
      }
      return item;
    }),
  );
};

/** The large button: its words, whether it may be pressed, and whether it is counting down. */
export const primary = (text, { ready = true, counting = false, held = false } = {}) => {
  const words = one("primary-text");
  if (words.textContent !== text) words.textContent = text;
  one("primary").disabled = !ready;
  one("primary").classList.toggle("counting", counting);
  one("primary").classList.toggle("held", held);
};

/** The other buttons: only those that are allowed and not the large one. */
export const presses = (can, large, hidden) => {
  for (const button of one("presses").children) {
    const { do: name } = button.dataset;
    button.hidden = name === large || !can.includes(name);
    button.disabled = !can.includes(name);
  }
  one('do="hide"').textContent = word(hidden ? "show" : "hide");
  if (!can.includes("void")) one("void").hidden = true;
};

export const refused = (reason) => {
  one("refused").hidden = !reason;
  one("refused").lastElementChild.textContent = reason || "";
};

export const lost = (is) => {
  one("chip").hidden = !is;
};
