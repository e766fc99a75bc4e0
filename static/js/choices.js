/** The ways to answer one question: options to tap, things to order, a number to type. */

import { letterOf } from "./words.js";

const WHOLE = /^[-−]?(\d{1,8}|\d{1,3}([.,\s]\d{3}){1,2})$/;

/** The whole number somebody typed, separators between groups of three allowed, or null. */
export const whole = (typed) => {
  const text = typed.trim();
  return WHOLE.test(text) ? Number(text.replace("−", "-").replace(/[.,\s]/g, "")) : null;
};

/** Whether a choice is sent as soon as it is made. */
export const isTap = (turn) => turn.kind === "one" || turn.kind === "truefalse";

const clone = (name) => document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);

const option = (turn, { o, text }, place, chosen) => {
  const item = clone("option");
  const input = item.querySelector("input");
  const letter = letterOf(place);
  item.className = `o ${letter}`;
  item.dataset.o = o;
  Object.assign(input, { type: turn.kind === "several" ? "checkbox" : "radio", value: o, id: `o-${o}` });
  input.checked = chosen.includes(o);
  item.querySelector("label").htmlFor = input.id;
  item.querySelector(".badge").textContent = letter;
  item.querySelector(".sr").textContent = `${letter}. `;
  item.querySelector("[data-read]").textContent = text;
  return item;
};

const byOrder = (turn, chosen) => {
  const of = (o) => turn.options.find((each) => each.o === o);
  return chosen.length ? chosen.map(of) : turn.options;
};

/** Show the controls for `turn` in `box`, with `chosen` as it was. */
export const show = (box, turn, chosen) => {
  if (turn.kind === "number") {
    const field = clone("number");
    if (chosen.length) field.querySelector("input").value = chosen[0];
    box.replaceChildren(field);
  } else if (turn.kind === "order") {
    const element = clone("order");
    element.things = byOrder(turn, chosen).map(({ o, text }) => ({
      value: o,
      text: `${letterOf(turn.options.findIndex((each) => each.o === o))}. ${text}`,
    }));
    box.replaceChildren(element);
    element.dispatchEvent(new Event("things", { bubbles: true }));
  } else {
    box.replaceChildren(...turn.options.map((each, place) => option(turn, each, place, chosen)));
  }
};

/** What is chosen in `box` now: option numbers or `[number]`; null while it is no answer yet. */
export const read = (box, turn) => {
  if (turn.kind === "number") {
    const value = whole(box.querySelector("input").value);
    return value === null ? null : [value];
  }
  const inputs = [...box.querySelectorAll(turn.kind === "order" ? "input" : "input:checked")];
  const chosen = inputs.map((input) => Number(input.value));
  if (turn.kind !== "order") chosen.sort((a, b) => a - b);
  return chosen.length ? chosen : null;
};

/** Nothing can be chosen any more. */
export const close = (box) => {
  for (const control of box.querySelectorAll("input, button, select")) control.disabled = true;
  for (const item of box.querySelectorAll("[draggable]")) item.draggable = false;
};

/** Choose by the letter or number of an option; true if there is one. */
export const byKey = (box, turn, key) => {
  const place = Math.max("123456".indexOf(key), "abcdef".indexOf(key.toLowerCase()));
  const input = box.querySelectorAll("[data-o] input")[place];
  if (key.length !== 1 || place < 0 || !input || input.disabled) return false;
  input.focus();
  input.click();
  return true;
};
