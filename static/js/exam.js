/** An exam, or an attempt of a contest: turning pages needs no network; each answer is kept until it has arrived. */

import { byKey, close, read, show } from "./choices.js";
import { deadline } from "./deadline.js";
import { outgoing } from "./outgoing.js";
import { say } from "./say.js";
import { inWords, word } from "./words.js";

const form = document.querySelector("form[data-quiz=exam]");
const paper = JSON.parse(document.querySelector("script[data-paper]").textContent);
const at = (name, root = form) => root.querySelector(`[data-${name}]`);
const box = at("options");
const review = at("go=review").href;
const track = document.querySelector("[role=progressbar]");

const final = "final" in form.dataset;
let n = Number(form.dataset.n);
let drawing = false;
let leaving = false;
let over = false;
const asked = () => paper[n - 1];
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const status = (text, kept = false) => {
  at("status").hidden = !text;
  at("tick").hidden = !kept;
  at("status-text").textContent = text;
};

const showStatus = () => {
  const { q, chosen } = asked();
  if (!chosen) return status("");
  const answer = inWords(asked(), chosen);
  if (!out.unsent(q)) return status(word("kept", { answer }), true);
  return status(at("offline").hidden ? word("sending") : word("waiting", { answer }));
};

const out = outgoing({
  attempt: form.dataset.attempt,
  address: form.dataset.save,
  token: form.elements.csrf_token.value,
  stuck: (lost) => {
    at("offline").hidden = !lost;
    showStatus();
  },
  settled: ({ q }, verdict) => {
    if (q === asked().q && verdict === "kept") {
      showStatus();
      say(at("status-text").textContent);
    } else if (verdict === "twice") location.reload(); // the page shows what stands
    else if (verdict === "late" || verdict === "refused") {
      status(word(verdict));
      say(word(verdict));
    }
    if (leaving && out.isEmpty()) location.assign(review);
  },
});

const given = () => final && asked().chosen;

const showReady = () => {
  const button = at("send");
  const ready = Boolean(read(box, asked()));
  button.hidden = false;
  button.setAttribute("aria-disabled", String(!ready));
  button.textContent = given() ? button.dataset.onward : ready ? button.dataset.ready : asked().idle;
};

const take = () => {
  showReady();
  const chosen = read(box, asked());
  if (!drawing && !over && !given() && chosen && !same(chosen, asked().chosen)) keep(chosen);
};

const keep = (chosen) => {
  asked().chosen = chosen;
  out.send(asked().q, asked().kind, chosen);
  showStatus();
  if (final) close(box);
};

const draw = () => {
  drawing = true;
  at("stem").textContent = asked().stem;
  at("hint").textContent = asked().hint;
  show(box, asked(), asked().chosen || []);
  const unit = box.querySelector("[data-unit-of]");
  if (unit) unit.textContent = asked().unit ? ` (${asked().unit})` : "";
  at("n", document).textContent = n;
  track.setAttribute("aria-valuenow", n);
  track.firstElementChild.setAttribute("width", `${(100 * n) / paper.length}%`);
  document.title = word("title", { n });
  for (const link of form.querySelectorAll("[data-by]")) link.hidden = !paper[n - 1 + Number(link.dataset.by)];
  drawing = false;
  if (over || given()) close(box);
  showReady();
  showStatus();
};

const turnTo = (number) => {
  n = number;
  history.pushState({ n }, "", `?cau=${n}`);
  draw();
  scrollTo(0, 0);
  at("stem").focus({ preventScroll: true });
};

const toReview = () => {
  if (out.isEmpty()) location.assign(review);
  else {
    leaving = true;
    status(word("unsent"));
    say(word("unsent"));
    out.push();
  }
};

form.addEventListener("change", final ? showReady : take);
form.addEventListener("input", showReady);
form.addEventListener("keydown", (event) => {
  const typing = event.target.matches("[name=v]") || event.ctrlKey || event.altKey || event.metaKey;
  if (!typing && byKey(box, asked(), event.key)) event.preventDefault();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  take();
  if (!asked().chosen) say(word("choose"));
  else if (n < paper.length) turnTo(n + 1);
  else toReview();
});
form.addEventListener("click", (event) => {
  const link = event.target.closest("[data-by], [data-go]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.go) toReview();
  else turnTo(n + Number(link.dataset.by));
});
addEventListener("popstate", (event) => {
  n = event.state ? event.state.n : Number(form.dataset.n);
  draw();
});

for (const one of paper) {
  const waiting = out.unsent(one.q);
  if (waiting) one.chosen = waiting.o || [waiting.v];
}
deadline(async () => {
  over = true;
  close(box);
  for (let tries = 0; tries < 10 && !out.isEmpty(); tries += 1) {
    out.push();
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
});
const touched = ({ checked, defaultChecked, value, defaultValue }) => checked !== defaultChecked || value !== defaultValue;
const early = !final && [...box.querySelectorAll("input")].some(touched) && read(box, asked()); // before this script
if (early) keep(early);
draw();
at("stem").focus({ preventScroll: true });
