/** An address beside a button that copies it; where a browser does not let pages copy, it is selected for the reader. */

import { say } from "./say.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = button.parentElement.querySelector("input");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      say(field.dataset.copied);
    } catch {
      // it stays selected: the reader copies it
    }
  });
  field.addEventListener("focus", () => field.select());
}
