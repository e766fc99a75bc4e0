/** Practice: the answer goes by fetch and comes back as the same page with its explanation; a lost network only delays. */

import { isAnswered, keys, showReady } from "./answering.js";
import { say } from "./say.js";
import { word } from "./words.js";

const RETRY = 3000;
let again = null;

const press = (form) => form.querySelector("[data-send]").click();

const begin = (form) => {
  clearTimeout(again);
  if (!form || form.hasAttribute("data-settled")) return;
  showReady(form);
  keys(form);
  form.addEventListener("change", () => showReady(form));
  form.addEventListener("input", () => showReady(form));
  form.addEventListener("submit", (event) => {
    if (isAnswered(form)) return;
    event.preventDefault();
    say(word("choose"));
  });
  form.addEventListener("part:failed", () => {
    form.querySelector("[data-offline]").hidden = false;
    again = setTimeout(() => press(form), RETRY); // the same message: it counts once
  });
};

addEventListener("online", () => {
  const form = document.querySelector("form[data-quiz]");
  if (form && !form.querySelector("[data-offline]").hidden) press(form);
});
document.addEventListener("part:swapped", (event) => begin(event.target));

const first = document.querySelector("form[data-quiz]");
begin(first);
const target = document.querySelector("[data-focus]");
if (target) target.focus({ preventScroll: true });
