/** The wizard of a contest: shows what matters for what is chosen, and how many questions the bank has for each line. */

const counts = () => {
  const kept = document.getElementById("ngan-hang");
  return kept ? JSON.parse(kept.textContent) : {};
};

/** What is chosen for a name now: of radios and ticks the one that is on. */
const chosen = (form, name) => {
  const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const on = fields.find((one) => ["radio", "checkbox"].includes(one.type) ? one.checked : true);
  return on ? on.value : "";
};

const follow = (form) => {
  for (const part of form.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.values.split(" ").includes(chosen(form, part.dataset.when));
  }
};

const count = (form, bank) => {
  for (const said of form.querySelectorAll("[data-count]")) {
    const line = said.closest("li");
    const [topic, level] = ["topic", "difficulty"].map((name) => line.querySelector(`[name$=".${name}"]`).value);
    said.textContent = form.dataset.bank.replace("{n}", (bank[topic] || {})[level] || 0);
  }
};

const begin = () => {
  const form = document.querySelector("[data-wizard]");
  if (!form) return;
  const bank = counts();
  follow(form);
  form.addEventListener("change", () => {
    follow(form);
    count(form, bank);
  });
};

begin();
document.addEventListener("part:swapped", begin);
