/** The review page of an exam: its clock. */

import { deadline } from "./deadline.js";

deadline();
const target = document.querySelector("[data-focus]");
if (target) target.focus({ preventScroll: true });
