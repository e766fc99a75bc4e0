/**
 * Forms marked `data-enhance` are sent by fetch, and the part of the page that comes back replaces the old one.
 *
 * `data-enhance` names the part: the element with the same `data-part` on this page and on the answer. Without scripts
 * the same form loads the whole page. After the swap the address, the title and the focus (`data-focus`) follow, and
 * `part:swapped` is dispatched on the new part; when the network fails, `part:failed` on the form.
 */

import { say } from "./say.js";

const send = async (form, submitter) => {
  const data = new FormData(form);
  if (submitter && submitter.name) data.append(submitter.name, submitter.value);
  const plain = form.method.toLowerCase() === "get";
  const address = new URL((submitter && submitter.getAttribute("formaction")) || form.action, location.href);
  if (plain) address.search = new URLSearchParams(data).toString();
  return fetch(address, plain ? {} : { method: "POST", body: data });
};

const swap = (page, name) => {
  const fresh = page.querySelector(`[data-part="${name}"]`);
  const old = document.querySelector(`[data-part="${name}"]`);
  if (!fresh || !old) return null;
  old.replaceWith(fresh);
  document.title = page.title;
  const target = fresh.querySelector("[data-focus]") || fresh.querySelector("h1");
  if (target) target.focus();
  fresh.dispatchEvent(new CustomEvent("part:swapped", { bubbles: true }));
  return fresh;
};

let pressed = null; // browsers from before 2022 do not say which button sent a form

document.addEventListener("click", ({ target }) => {
  pressed = target.closest("button");
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-enhance]") || event.defaultPrevented) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await send(form, event.submitter || (pressed && pressed.form === form ? pressed : null));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!swap(page, form.dataset.enhance)) location.assign(answer.url);
    else if (answer.url !== location.href) history.pushState(null, "", answer.url);
  } catch {
    if (form.dataset.failed) say(form.dataset.failed);
    form.dispatchEvent(new CustomEvent("part:failed", { bubbles: true }));
  } finally {
    form.removeAttribute("aria-busy");
  }
});

addEventListener("popstate", () => location.reload());
