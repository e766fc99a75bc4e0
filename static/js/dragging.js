/** Lines of a list that can be dragged to another place among them. */

/**
 * Let the lines of `list` that match `lines` be dragged: `taken` is told when one is, `dropped` when it stands at its new
 * place. Returns whether one is being dragged.
 */
export const dragging = (list, lines, { taken = () => {}, dropped }) => {
  let held = null;
  list.addEventListener("dragstart", ({ target }) => {
    held = target instanceof Element ? target.closest(lines) : null;
    if (!held) return;
    held.classList.add("dragged");
    taken();
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest(lines);
    if (!held || !over || over === held) return;
    event.preventDefault();
    const below = event.clientY > over.getBoundingClientRect().top + over.offsetHeight / 2;
    if (below) over.after(held);
    else over.before(held);
  });
  list.addEventListener("dragend", () => {
    if (!held) return;
    held.classList.remove("dragged");
    held = null;
    dropped();
  });
  return () => held !== null;
};
