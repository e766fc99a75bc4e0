/** Everybody in the room, for the host: found by name, renamed, hidden, sent out. */

import { number, word } from "./words.js";

const MOST = 100; // lines drawn at once: who searches finds the others

const box = document.querySelector("[data-people]");
const one = (name, within = box) => within.querySelector(`[data-${name}]`);

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();

/** `send` carries out a press and gives its reply. */
export const people = (send) => {
  let everybody = [];

  const load = async () => {
    const reply = await send("players");
    if (!reply.list) return;
    everybody = reply.list;
    draw();
  };

  const act = (name, more) => send(name, more).then(load);

  const label = (button, name, values) => button.setAttribute("aria-label", word(name, values));

  const line = ({ player, name, team, online }) => {
    const made = document.querySelector("template[data-person]").content.firstElementChild.cloneNode(true);
    const form = made.querySelector("form");
    const buttons = ["rename", "hide-name", "remove"].map((each) => one(each, made));
    const [rename, hide, remove] = buttons;
    made.querySelector(".who").textContent = team ? `${name} – ${team}` : name;
    one("online-tag", made).hidden = !online;
    for (const [button, words] of [[rename, "rename"], [hide, "hide-name"], [remove, "remove"]]) label(button, words, { name });
    label(form.elements.name, "new-name", { name });
    rename.addEventListener("click", () => {
      form.hidden = !form.hidden;
      form.elements.name.value = name;
      if (!form.hidden) form.elements.name.select();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      act("rename", { player, name: form.elements.name.value });
    });
    hide.addEventListener("click", () => act("rename", { player }));
    remove.addEventListener("click", () => {
      if (remove.dataset.sure) return void act("remove", { player });
      remove.dataset.sure = "1";
      remove.textContent = word("removing");
      remove.removeAttribute("aria-label");
    });
    return made;
  };

  const draw = () => {
    const wanted = plain(one("search").value.trim());
    const found = everybody.filter(({ name, team }) => plain(`${name} ${team}`).includes(wanted));
    one("found").textContent = found.length ? word("people", { n: number(found.length) }) : word("none");
    one("list").replaceChildren(...found.slice(0, MOST).map(line));
  };

  box.addEventListener("toggle", () => box.open && load());
  one("search").addEventListener("input", draw);
  one("lock-room").addEventListener("change", async ({ target }) => {
    const reply = await send("lock-room", { locked: target.checked });
    if (reply.refused) target.checked = !target.checked;
  });

  /** Another device may have locked the room. */
  return ({ locked }) => {
    if (locked !== undefined) one("lock-room").checked = locked;
  };
};
