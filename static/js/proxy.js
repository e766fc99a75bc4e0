/** Cards of delegates without a phone: one key for each, and a page that follows the show. */

import { say } from "./say.js";

const LOOK_EVERY = 1500;
const NUMBER_ENDS = 1200;

const list = document.querySelector("[data-cards]");
const lines = list ? [...list.querySelectorAll("[data-number]")] : [];
let present = lines[0];
let typed = "";
let typedAt = 0;

const choose = (line) => {
  if (!line) return;
  present?.removeAttribute("aria-current");
  present = line;
  present.setAttribute("aria-current", "true");
  present.scrollIntoView({ block: "nearest" });
  (present.querySelector("[data-key], input[name=o]") || present).focus({ preventScroll: true });
};

const after = (line) => {
  const rest = [...lines.slice(lines.indexOf(line) + 1), ...lines.slice(0, lines.indexOf(line))];
  return rest.find((one) => one.querySelector("[data-kept]").textContent === "–") || rest[0];
};

const tell = (problem) => {
  const note = document.querySelector("[data-problem]");
  note.querySelector("[data-problem-text]").textContent = problem;
  note.hidden = !problem;
  if (problem) say(problem);
};

const keep = async (form, button) => {
  const line = form.closest("[data-number]");
  const body = new FormData(form);
  if (button?.name) body.set(button.name, button.value);
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { accept: "application/json" }, body });
    const { kept, problem } = await answer.json();
    tell(problem || "");
    if (problem) return;
    show(line, kept);
    choose(after(line));
  } catch {
    tell(list.dataset.again);
  }
};

const show = (line, kept) => {
  line.querySelector("[data-kept]").textContent = kept || "–";
  for (const key of line.querySelectorAll("[data-key]")) key.setAttribute("aria-pressed", String(key.value === kept));
  const count = lines.filter((one) => one.querySelector("[data-kept]").textContent !== "–").length;
  document.querySelector("[data-count]").textContent = count;
};

const press = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[name=o]")) return;
  const { key } = event;
  if (/^[0-9]$/.test(key)) {
    typed = event.timeStamp - typedAt > NUMBER_ENDS ? key : typed + key;
    typedAt = event.timeStamp;
    choose(lines.find((line) => line.dataset.number === typed));
  } else if (key === "ArrowDown" || key === "ArrowUp") {
    choose(lines[lines.indexOf(present) + (key === "ArrowDown" ? 1 : -1)]);
  } else if (/^[a-f]$/i.test(key)) {
    const button = present?.querySelector(`[data-key="${key.toUpperCase()}"]`);
    if (!button) return;
    keep(button.form, button);
  } else return;
  event.preventDefault();
};

/** Ask how the show stands; another question or phase makes another page. */
const look = async () => {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: "application/json" } });
    const { phase, turn, kept } = await answer.json();
    if (phase !== list.dataset.phase || String(turn ?? "") !== list.dataset.turn) return location.reload();
    for (const line of lines) show(line, kept[line.dataset.id]);
  } catch {
    // no network: the next look tells
  }
  return undefined;
};

if (list) {
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(event.target, event.submitter);
  });
  document.addEventListener("keydown", press);
  choose(present);
  setInterval(look, LOOK_EVERY);
}
