/** The rundown beside the show: it is asked for again when it changed, and what is still to come can be moved. */

import { say } from "./say.js";
import { word } from "./words.js";

const box = document.querySelector("[data-rundown]");

/** `reorder` is told the ids of the questions to come in their new order, and answers whether it was done. */
export const rundown = (reorder) => {
  let shown = null; // what the rundown looked like when it was last asked for
  let held = null;

  const lines = () => [...box.querySelectorAll("[data-status=waiting]")];
  const ids = () => lines().map((line) => Number(line.dataset.id));

  const ends = () => {
    const all = lines();
    all.forEach((line, index) => {
      line.querySelector("[data-move=up]").disabled = index === 0;
      line.querySelector("[data-move=down]").disabled = index === all.length - 1;
    });
  };

  const load = async () => {
    const answer = await fetch(box.dataset.address);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const place = box.querySelector("ol").scrollTop;
    box.querySelector("[data-lines]").replaceWith(page.querySelector("[data-lines]"));
    box.querySelector("ol").scrollTop = place;
    ends();
    const now = box.querySelector("[aria-current]");
    if (now) now.scrollIntoView({ block: "nearest" });
  };

  const settle = async (before) => {
    if (ids().join() === before.join()) return;
    ends();
    if (await reorder(ids())) say(word("moved"));
    await load();
  };

  box.addEventListener("click", async ({ target, detail }) => {
    const button = target.closest("[data-move]");
    if (!button) return;
    const line = button.closest("li");
    const before = ids();
    const { move } = button.dataset;
    const other = move === "up" ? line.previousElementSibling : line.nextElementSibling;
    if (move === "up") other.before(line);
    else other.after(line);
    await settle(before);
    if (detail) return; // only who works by keyboard stays at the button
    const again = box.querySelector(`[data-id="${line.dataset.id}"]`);
    const same = again && again.querySelector(`[data-move=${move}]`);
    if (same) (same.disabled ? again.querySelector("button:not(:disabled)") : same).focus();
  });
  box.addEventListener("dragstart", ({ target }) => {
    held = { line: target.closest("li"), before: ids() };
    held.line.classList.add("dragged");
  });
  box.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-status=waiting]");
    if (!held || !over || over === held.line) return;
    event.preventDefault();
    const below = event.clientY > over.getBoundingClientRect().top + over.offsetHeight / 2;
    if (below) over.after(held.line);
    else over.before(held.line);
  });
  box.addEventListener("dragend", () => {
    held.line.classList.remove("dragged");
    const { before } = held;
    held = null;
    settle(before);
  });
  ends();

  /** Ask for the rundown again if where the show stands is not what is shown. */
  return ({ turn_n: n, of, phase, rundown: order }) => {
    const looks = JSON.stringify([n, of, phase, order]);
    if (looks === shown || held) return;
    const first = shown === null;
    shown = looks;
    if (!first) load().catch(() => {});
  };
};
