/** Theme and text size: applied at once and kept in the cookies from which the server paints the next page. */

const YEAR = 365 * 24 * 3600;
const root = document.documentElement;

/** Keep a preference in its cookie. */
export const keep = (name, value) => {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  show();
};

const show = () => {
  for (const button of document.querySelectorAll("[data-larger]"))
    button.setAttribute("aria-pressed", String(root.dataset.text === "xl"));
  for (const input of document.querySelectorAll("[data-prefs] input[type=radio]"))
    input.checked = input.value === (root.dataset[input.name] || "");
};

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-prefs] input[type=radio]")) keep(target.name, target.value);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-prefs]")) event.preventDefault(); // every change was applied when it was made
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-larger]")) return;
  event.preventDefault();
  keep("text", root.dataset.text === "xl" ? "" : "xl");
});
