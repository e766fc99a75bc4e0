/** Writing an essay: counts the words and saves the draft by itself. Without this module the button saves it. */

const WAIT = 2000; // milliseconds without a letter before the draft is saved

/** How many words a text has: runs of letters or digits between spaces, as the server counts them. */
export const words = (text) => text.split(/\s+/u).filter((run) => /[\p{L}\p{N}]/u.test(run)).length;

const begin = (form) => {
  const field = form.querySelector("[name=text]");
  const count = form.querySelector("[data-words]");
  const state = form.querySelector("[data-state]");
  let timer;
  let saved = field.value;

  const show = () => {
    count.textContent = form.dataset.counted.replace("{n}", words(field.value));
  };

  const save = async () => {
    const text = field.value;
    if (text === saved) return;
    const body = new FormData();
    body.set("text", text);
    body.set("csrf_token", form.elements.csrf_token.value);
    try {
      const answer = await fetch(form.dataset.essay, { method: "POST", body });
      if (answer.ok) saved = text;
      const said = answer.ok ? {} : await answer.json();
      state.textContent = answer.ok ? form.dataset.saved : (said.problem ?? form.dataset.lost);
    } catch {
      state.textContent = form.dataset.lost;
    }
  };

  field.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save();
  });
  show();
};

if (globalThis.document) for (const form of document.querySelectorAll("[data-essay]")) begin(form);
