/** The leaderboard on a screen that everybody sees: its podium, and who climbed. */

import { number } from "./words.js";

export { fillBoard } from "./standings.js";

const ON_PODIUM = 6;

/** Everybody of the first three ranks, however many share one, each on a block from the template `place`. */
export const fillPodium = (list, standings) => {
  const winners = standings.filter(({ rank }) => rank <= 3).slice(0, ON_PODIUM);
  const template = document.querySelector("template[data-place]");
  list.classList.toggle("of-three", winners.length === 3);
  list.replaceChildren(
    ...winners.map(({ name, team, rank, points }) => {
      const item = template.content.firstElementChild.cloneNode(true);
      const words = { name, team: team || "", rank, points: number(points) };
      item.className = `rank-${rank}`;
      for (const slot of Object.keys(words)) item.querySelector(`[data-slot=${slot}]`).textContent = words[slot];
      return item;
    }),
  );
};

/** How many places each name rose from one board to the next; who was not on the first one is left out. */
export const climbsBetween = (before, after) => {
  const ranks = Object.fromEntries(before.map(({ name, rank }) => [name, rank]));
  const risen = after.filter(({ name, rank }) => ranks[name] > rank);
  return Object.fromEntries(risen.map(({ name, rank }) => [name, ranks[name] - rank]));
};
