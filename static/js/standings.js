/** The leaderboard as a list: a line for each standing, made from the template the page brings. */

import { number } from "./words.js";

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
      put("points", typeof standing.points === "number" ? number(standing.points) : standing.points);
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
