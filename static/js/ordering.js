/** Turns the lists of the macro `ordering` into one list with buttons up and down, and dragging. */

import { say } from "./say.js";

const fill = (sentence, words) => sentence.replace(/{(\w+)}/g, (_, name) => words[name]);

const row = (element, { value, text }) => {
  const item = element.querySelector("template").content.firstElementChild.cloneNode(true);
  item.dataset.value = value;
  item.draggable = true;
  item.querySelector(".txt").textContent = text;
  for (const button of item.querySelectorAll("[data-move]"))
    button.setAttribute("aria-label", fill(element.dataset[button.dataset.move], { text }));
  return item;
};

const number = (list) => {
  const items = [...list.children];
  items.forEach((item, index) => {
    item.querySelector(".place").textContent = index + 1;
    item.querySelector("[data-move=up]").disabled = index === 0;
    item.querySelector("[data-move=down]").disabled = index === items.length - 1;
  });
};

/** The list changed: hidden inputs follow, and who listens for `change` hears of it. */
const settle = (element, list) => {
  number(list);
  for (const old of element.querySelectorAll("input")) old.remove();
  for (const item of list.children) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: element.dataset.name, value: item.dataset.value });
    element.append(input);
  }
  element.dispatchEvent(new Event("change", { bubbles: true }));
};

const move = (element, list, item, direction) => {
  if (direction === "up" && item.previousElementSibling) item.previousElementSibling.before(item);
  if (direction === "down" && item.nextElementSibling) item.nextElementSibling.after(item);
  settle(element, list);
  const place = [...list.children].indexOf(item) + 1;
  say(fill(element.dataset.moved, { text: item.querySelector(".txt").textContent, place }));
  const button = item.querySelector(`[data-move=${direction}]`);
  (button.disabled ? item.querySelector("button:not(:disabled)") : button).focus();
};

const dragging = (element, list) => {
  let held = null;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("li");
    held.classList.add("dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!held || !over || over === held) return;
    event.preventDefault();
    const below = event.clientY > over.getBoundingClientRect().top + over.offsetHeight / 2;
    if (below) over.after(held);
    else over.before(held);
  });
  list.addEventListener("dragend", () => {
    held.classList.remove("dragged");
    held = null;
    settle(element, list);
  });
};

/** Make `element` a list to move things in: its `things`, or those in the rendered selects. */
const ordering = (element) => {
  const selects = [...element.querySelectorAll("select")];
  const rendered = selects.map(({ selectedOptions: [{ value, textContent: text }] }) => ({ value, text }));
  const rows = (element.things || rendered).map((thing) => row(element, thing));
  for (const old of element.querySelectorAll(".field, ol, input")) old.remove();
  const list = document.createElement("ol");
  list.className = "ordering";
  list.append(...rows);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(element, list, button.closest("li"), button.dataset.move);
  });
  dragging(element, list);
  element.append(list);
  settle(element, list);
};

document.addEventListener("things", ({ target }) => ordering(target));
for (const element of document.querySelectorAll("[data-ordering]:not([data-later])")) ordering(element);
