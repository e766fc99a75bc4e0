/** The editor of a question: the preview follows what is typed, and each field says how long it is. */

const form = document.querySelector("[data-editor]");

/** The preview of a field, such as `stem-vi` or `options-2-en`. */
const shownAt = (name) => {
  const option = /^options-(\d+)-(vi|en)$/.exec(name);
  if (!option) return document.querySelector(`[data-show="${name}"]`);
  const phone = document.querySelector(`[data-preview="${option[2]}"]`);
  return phone.querySelectorAll("[data-read], .answer li")[option[1]] ?? null;
};

const follow = (field) => {
  const shown = shownAt(field.name);
  if (shown && field.value.trim()) shown.textContent = field.value.trim();
};

/** Letters as the bank counts them: composed, and a letter outside the first plane once. */
const lengthOf = (text) => [...text.trim().normalize("NFC")].length;

const count = (field) => {
  const length = lengthOf(field.value);
  field.counter.textContent = `${length}/${field.dataset.longest}`;
  field.counter.classList.toggle("over", length > Number(field.dataset.longest));
};

for (const field of form.querySelectorAll("[data-longest]")) {
  field.counter = document.createElement("span");
  field.counter.className = "counter number small";
  field.after(field.counter);
  count(field);
}
form.addEventListener("input", ({ target }) => {
  if (target.counter) count(target);
  follow(target);
});
for (const field of form.elements) if (field.name) follow(field);
