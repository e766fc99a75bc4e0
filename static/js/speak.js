/** Reads a question aloud with the device's own voice; the button shows itself only where there is a voice for the language. */

const speech = window.speechSynthesis;

const voice = () => {
  const language = document.documentElement.lang;
  return speech.getVoices().find((candidate) => candidate.lang.toLowerCase().startsWith(language));
};

const reveal = () => {
  for (const button of document.querySelectorAll("[data-speak]")) button.hidden = !voice();
};

const words = () => {
  const parts = [...document.querySelectorAll("[data-read]")].filter((part) => part.offsetParent !== null);
  return parts.map((part) => part.textContent.trim()).join(". ");
};

if (speech) {
  reveal();
  speech.addEventListener?.("voiceschanged", reveal);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-speak]")) return;
    const spoken = new SpeechSynthesisUtterance(words());
    spoken.voice = voice();
    spoken.lang = spoken.voice.lang;
    spoken.rate = 0.9;
    speech.cancel();
    speech.speak(spoken);
  });
}
