/** The leaderboard as a list: a line for each standing, made from the template the page brings. */

import { number } from "./words.js";

const ON_PODIUM = 6;

/** Fill `list` with `standings`; `name` is one's own and is marked. `climbs` tells how many places each name rose. */
export const fillBoard = (list, standings, { name = null, climbs = {} } = {}) => {
  const template = document.querySelector("template[data-standing]");
  list.replaceChildren(
    ...standings.map((standing) => {
      const line = template.content.firstElementChild.cloneNode(true);
      const put = (slot, text) => {
        const place = line.querySelector(`[data-slot=${slot}]`);
        if (place) place.textContent = text;
      };
      put("rank", standing.rank);
      put("name", standing.name);
      put("team", standing.team || "");
      put("points", number(standing.points));
      line.classList.toggle("me", standing.name === name);
      const climb = line.querySelector("[data-climb]");
      if (climb) {
        climb.hidden = !climbs[standing.name];
        put("climb", climbs[standing.name] || "");
      }
      return line;
    }),
  );
};

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
