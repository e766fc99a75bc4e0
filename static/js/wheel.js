/**
 * The wheel of a lucky draw. Who wins was decided by the rule of draws before the wheel is seen: it only turns until the
 * winner it was told stands at the pointer, once for each winner.
 */

const SVG = "http://www.w3.org/2000/svg";
const MOST = 20; // sectors a hall can still read
const RIM = 392;
const HUB = 62;
const TURNS = 5;
const FIRST_SPIN = 6500;
const SPIN = 4500;
const SHORT_SPIN = 2500;
const LONG_SPINS = 3; // from then on the turns are short, so that twenty prizes do not take two minutes
const REST = 1600; // between one winner and the next

/** How long each of `count` turns takes, in milliseconds. */
export const spins = (count) =>
  Array.from({ length: count }, (_, i) => (i === 0 ? FIRST_SPIN : i < LONG_SPINS ? SPIN : SHORT_SPIN));

/** When each of `count` winners is known, in milliseconds from the start. */
export const moments = (count) => {
  let after = 0;
  return spins(count).map((length, i) => {
    after += length + (i ? REST : 0);
    return after;
  });
};

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The names on the wheel for one turn: all that are left, or evenly chosen ones of many; the winner is among them. */
export const sectors = (names, winner, gone) => {
  const left = names.map((_, i) => i).filter((i) => i === winner || !gone.includes(i));
  if (left.length <= MOST) return left;
  const step = left.length / MOST;
  const start = left.indexOf(winner) % step;
  const chosen = Array.from({ length: MOST }, (_, k) => left[Math.min(left.length - 1, Math.round(start + k * step))]);
  return chosen.includes(winner) ? chosen : chosen.map((i, k) => (k === Math.floor(left.indexOf(winner) / step) ? winner : i));
};

/** Draw the sectors for `shown` (indices into `names`) into the group `wheel`; the first one points to the right. */
export const drawWheel = (wheel, names, shown) => {
  const wide = 360 / shown.length;
  wheel.replaceChildren(
    ...shown.map((i, k) => {
      const group = made("g", { transform: `rotate(${k * wide})`, class: `sector ${letter(k, shown.length)}`, "data-name": i });
      const name = made("text", { x: RIM - 22, y: 0, "text-anchor": "end", "dominant-baseline": "central" });
      name.textContent = names[i];
      group.append(made("path", { d: wedge(wide) }), name);
      return group;
    }),
  );
  for (const name of wheel.querySelectorAll("text")) shorten(name, RIM - HUB - 22);
};

/** Turn the wheel until sector `place` of `of` stands at the pointer; resolves when it does. */
export const spin = (wheel, place, of, length) => {
  const wide = 360 / of;
  const aside = (Math.random() - 0.5) * 0.6 * wide; // a wheel rarely stops in the very middle
  const end = 360 * TURNS - place * wide + aside;
  const turning = wheel.animate([{ transform: "rotate(0deg)" }, { transform: `rotate(${end}deg)` }], {
    duration: length,
    easing: "cubic-bezier(.14,.68,.1,1)",
    fill: "forwards",
  });
  return turning.finished;
};

const letter = (k, of) => (k === of - 1 && of % 4 === 1 ? "C" : "ABCD"[k % 4]); // never beside its own colour

const wedge = (wide) => {
  if (wide >= 360) return `M${-RIM} 0a${RIM} ${RIM} 0 1 0 ${2 * RIM} 0a${RIM} ${RIM} 0 1 0 ${-2 * RIM} 0z`;
  const at = (angle) => `${(RIM * Math.cos(angle)).toFixed(2)} ${(RIM * Math.sin(angle)).toFixed(2)}`;
  const half = (wide / 360) * Math.PI;
  return `M0 0L${at(-half)}A${RIM} ${RIM} 0 ${wide > 180 ? 1 : 0} 1 ${at(half)}z`;
};

/** Leave out the first words, then the last letters: the given name stands at the end. */
const shorten = (text, most) => {
  const long = () => text.getComputedTextLength() > most;
  const words = text.textContent.split(" ");
  while (long() && words.length > 2) {
    words.shift();
    text.textContent = `…${words.join(" ")}`;
  }
  while (long() && text.textContent.length > 2) text.textContent = `${text.textContent.replace(/…$/, "").slice(0, -1).trimEnd()}…`;
};

const made = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
