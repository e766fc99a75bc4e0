/** Makes a question as large as the stage holds, and the join code beside it. Sizes are in u of the style sheet. */

// The size of the question and of its options, and in how many columns these stand: the first that fits is taken.
const SIZES = [
  [60, 50, 2],
  [56, 46, 2],
  [52, 44, 2],
  [52, 44, 1],
  [48, 40, 2],
  [48, 40, 1],
  [46, 36, 2],
  [46, 36, 1],
  [46, 32, 2],
  [46, 32, 1],
  [46, 28, 2],
  [46, 28, 1],
  [46, 28, 1, "dense"],
  [40, 28, 1, "dense"],
  [36, 28, 1, "dense"],
];
const CODES = ["", "mid", "tight", "small"]; // of the join code

const holds = (part) => part.scrollHeight <= part.clientHeight + 1 && part.scrollWidth <= part.clientWidth + 1;

/** Whether no word of an option sticks out of it. */
const roomy = (list) => [...list.children].every((item) => item.scrollWidth <= item.clientWidth + 1);

/** Set the question in `part`, whose options are `list`, as large as it fits; `single` keeps one column. */
export const fitQuestion = (part, list, single) => {
  for (const [question, option, columns, dense] of SIZES) {
    if (single && columns === 2) continue;
    part.style.setProperty("--q", question);
    part.style.setProperty("--o", option);
    list.classList.toggle("single", columns === 1);
    list.classList.toggle("dense", dense !== undefined);
    if (holds(part) && roomy(list)) return;
  }
};

/** Show the join code as large as its side holds; `small` when it has had its time. */
export const fitCode = (code, small) => {
  const side = code.parentElement;
  for (const size of small ? ["small"] : CODES) {
    code.className = `join ${size}`;
    if (holds(side)) return;
  }
};
