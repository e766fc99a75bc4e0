/** What every question form does with scripts: keys choose an option, and the button says whether anything is chosen. */

const OPTIONS = "input[name=o]:not([type=hidden])";
const TYPING = "input:not([type=radio]):not([type=checkbox]), select, textarea";

/** Whether `form` holds something that can be sent. */
export const isAnswered = (form) => {
  const typed = form.querySelector("[name=v]");
  if (typed) return typed.value.trim() !== "";
  return Boolean(form.querySelector("[name=o]:checked, [name=o][type=hidden], select[name=o]"));
};

/** Let the button of `form` say what is missing, or that it sends. */
export const showReady = (form) => {
  const button = form.querySelector("[data-send]");
  if (!button) return;
  const ready = isAnswered(form);
  button.setAttribute("aria-disabled", String(!ready));
  button.textContent = ready ? button.dataset.ready : button.dataset.idle;
};

/** 1-6 and A-F choose an option, but only while the focus is inside `form`. */
export const keys = (form) => {
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1 || event.target.matches(TYPING)) return;
    const place = Math.max("123456".indexOf(event.key), "abcdef".indexOf(event.key.toLowerCase()));
    const input = place < 0 ? null : form.querySelectorAll(OPTIONS)[place];
    if (!input || input.disabled) return;
    event.preventDefault();
    input.focus();
    input.click();
  });
};
