/** The editor of a question: the previews follow what is typed, each field says how long it is, and the bank says what
    it would not approve, beside the fields. */

const form = document.querySelector("[data-editor]");
const field = (name) => form.elements[name];
const said = (name) => field(name)?.value.trim() ?? "";

/** Show the words of a field on every screen; where the English is missing, the Vietnamese stands there as on the phone. */
const show = (name) => {
  const other = name.replace(/-(vi|en)$/, (_, language) => (language === "vi" ? "-en" : "-vi"));
  const words = said(name) || (name.endsWith("-en") ? said(other) : "");
  for (const shown of document.querySelectorAll(`[data-show="${name}"]`)) shown.textContent = words;
};

const follow = (name) => {
  show(name);
  if (name.endsWith("-vi")) show(name.replace(/-vi$/, "-en"));
  const row = /^(options-\d+)-/.exec(name)?.[1];
  if (!row) return;
  for (const slot of document.querySelectorAll(`[data-slot="${row}"]`)) {
    slot.hidden = !said(`${row}-vi`) && !said(`${row}-en`);
    slot.classList.toggle("right", Boolean(slot.querySelector(".key") && field(`${row}-right`)?.checked));
  }
};

/** Letters as the bank counts them: composed, and a letter outside the first plane once. */
const lengthOf = (text) => [...text.trim().normalize("NFC")].length;

const count = (counted) => {
  const length = lengthOf(counted.value);
  counted.counter.textContent = `${length}/${counted.dataset.longest}`;
  counted.counter.classList.toggle("over", length > Number(counted.dataset.longest));
};

/** What the form would send, by name, without the secrets of the page. */
const typed = () => {
  const entries = [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "do");
  return { topic: form.dataset.topic, kind: form.dataset.kind, id: form.dataset.id, fields: Object.fromEntries(entries) };
};

const place = ({ name, path, text }) => {
  const made = document.querySelector("template[data-provision]").content.cloneNode(true);
  made.querySelector("summary").textContent = name;
  made.querySelector("a").href = path;
  for (const words of text) made.querySelector("[data-text]").append(Object.assign(document.createElement("p"), { textContent: words }));
  return made;
};

/** Put each remark below its field, in place of those of the last look. */
const remark = (remarks) => {
  for (const old of form.querySelectorAll("[data-remark]")) old.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  for (const [n, { field: name, text }] of remarks.entries()) {
    const control = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const beside = control?.closest(".field, fieldset") ?? form.querySelector("[data-checked]");
    const made = Object.assign(document.createElement("p"), { className: "error", id: `remark-${n}`, textContent: text });
    made.dataset.remark = name;
    beside.append(made);
    if (control?.id) {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", made.id);
    }
  }
  const { clear, left } = form.dataset;
  form.querySelector("[data-checked]").textContent = remarks.length ? left.replace("{n}", remarks.length) : clear;
};

let looking = null;
const look = async () => {
  looking?.abort();
  looking = new AbortController();
  try {
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": said("csrf_token") },
      body: JSON.stringify(typed()),
      signal: looking.signal,
    });
    if (!answer.ok) return;
    const { remarks, places } = await answer.json();
    remark(remarks);
    document.querySelector("[data-provisions]").replaceChildren(...places.map(place));
  } catch {
    // without the server the form still works: it checks when it is sent
  }
};

let waiting;
const lookSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 600);
};

for (const counted of form.querySelectorAll("[data-longest]")) {
  counted.counter = Object.assign(document.createElement("span"), { className: "counter number small" });
  counted.after(counted.counter);
  count(counted);
}
form.addEventListener("input", ({ target }) => {
  if (target.counter) count(target);
  follow(target.name);
  lookSoon();
});
for (const control of form.elements) if (control.name) follow(control.name);
