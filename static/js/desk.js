/* The desk of a round: while the server computes, say how far it is, and load the page again at the end. */

const EVERY = 2000;

const card = document.querySelector("[data-running]");

const look = async () => {
  try {
    const answer = await fetch(card.dataset.running, { headers: { accept: "application/json" } });
    const { running, progress } = await answer.json();
    if (!running) {
      location.reload();
      return;
    }
    card.querySelector("[data-progress]").textContent = progress;
    card.querySelector("rect").setAttribute("width", `${progress}%`);
    card.querySelector("[role=progressbar]").setAttribute("aria-valuenow", progress);
  } catch {
    // The next look may find the server again.
  }
  setTimeout(look, EVERY);
};

if (card) setTimeout(look, EVERY);
