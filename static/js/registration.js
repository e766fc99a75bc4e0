/** Suggests units and communes while somebody types them. Without this module a button shows the same lists. */

const form = document.querySelector("[data-registration]");
const WAIT = 250; // milliseconds after the last letter

/** Put `names` into the list that a field shows. */
const offer = (list, names) =>
  list.replaceChildren(
    ...names.map((name) => Object.assign(document.createElement("option"), { value: name })),
  );

/** The names that the server knows, or none while it is away. */
const ask = async (address, name, value) => {
  try {
    const answer = await fetch(`${address}?${new URLSearchParams({ [name]: value })}`);
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
};

const unit = form?.querySelector("[name=unit]");
if (unit) {
  let timer;
  unit.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (unit.value.trim().length > 1) {
        offer(document.getElementById("units"), await ask(form.dataset.units, "tim", unit.value));
      }
    }, WAIT);
  });
}

form?.querySelector("[name=province]")?.addEventListener("change", async (event) => {
  offer(document.getElementById("communes"), await ask(form.dataset.communes, "tinh", event.target.value));
});
