/** What a player says besides answers, the prediction and the watch word; loaded when it is asked for. */

import { freshId } from "./fresh-id.js";
import { say } from "./say.js";
import { number, word } from "./words.js";

const AGAIN = 1000;

const one = (name) => document.querySelector(`[data-${name}]`);

/** Ask the page's own address; it answers scripts with a few fields. */
const post = async (form) => {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new FormData(form),
  });
  return answer.json();
};

/** Over the socket, or by the form when that fails, until the server has spoken; always with the same id. */
const send = async (live, name, body, form) => {
  for (;;) {
    let reply = { verdict: "again" };
    try {
      reply = await (live.isUp() ? live.request(name, body).catch(() => post(form)) : post(form));
    } catch {
      // no network: the same goes again
    }
    if (reply.verdict !== "again") return reply;
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
};

const show = (name, text) => {
  one(name).textContent = text;
  one(name).closest("[hidden], [data-shown]").hidden = !text;
  if (text) say(text);
};

/** The prediction question is here, with one's own number where the server has it. */
export const asked = (_, { question, v }) => {
  if (question) one("asked").textContent = question;
  const given = v !== undefined && v !== null;
  if (given && !one("guessed").textContent) guessed(number(v));
  if (!given && !one("guessed").textContent) one("guess").hidden = false;
};

/** No number is taken any more. */
export const closed = () => {
  one("guess").hidden = true;
  if (!one("guessed").textContent) show("guessed", word("guess-none"));
};

const guessed = (what) => {
  one("guess").hidden = true;
  one("guessed").closest("[data-shown]").classList.add("ok");
  show("guessed", word("guess-kept", { number: what }));
};

/** First the number comes back in words, then it is kept: it cannot be changed. */
export const predict = async ({ live }, form) => {
  const { so, luu, m } = form.elements;
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  so.addEventListener("input", () => reset(luu), { once: true });
  try {
    if (luu.value === "") await check(form);
    else {
      m.value = m.value || freshId();
      so.disabled = true;
      const reply = await send(live, "predict", { m: m.value, v: Number(luu.value) }, form);
      settle(reply, luu.dataset.shown);
    }
  } catch {
    show("guess-problem", word("guess-again"));
  } finally {
    form.removeAttribute("aria-busy");
    so.disabled = false;
  }
};

const check = async (form) => {
  const { problem, v, number: shown, words } = await post(form);
  const { luu } = form.elements;
  show("guess-problem", problem || "");
  if (problem) return;
  luu.value = v;
  luu.dataset.shown = `${shown} (${words})`;
  show("meant", word("guess-meant", { number: luu.dataset.shown }));
  one("guess-go").textContent = word("guess-keep");
};

const reset = (luu) => {
  luu.value = "";
  show("meant", "");
  one("guess-go").textContent = word("guess-check");
};

const settle = ({ verdict, v }, shown) => {
  if (verdict === "kept") return guessed(shown);
  if (verdict === "twice") return guessed(v === undefined ? shown : number(v));
  return show("guess-problem", word(`guess-${verdict}`));
};

/** The watch word, as often as it takes. */
export const watchWord = async ({ live }, form) => {
  const typed = form.elements.word;
  const { verdict } = await send(live, "watch-word", { word: typed.value }, form);
  show("word-said", word(`word-${verdict}`));
  if (verdict !== "kept") return typed.focus();
  one("word").hidden = true;
  return undefined;
};
