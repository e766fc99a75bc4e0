/** Speaks to screen readers, politely: sentences go into the one live region of the page. */

const region = document.querySelector("[data-say]");

/** Say `text`; the same sentence twice in a row is heard twice. */
export const say = (text) => {
  if (!region) return;
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
};
