/** The names of all messages between server and browser; quizapp/live/wire.py names the same ones, and a test compares. */

export const SERVER = [
  "state",
  "lobby",
  "turn:reading",
  "turn:opened",
  "turn:count",
  "turn:locked",
  "turn:revealed",
  "board",
  "you",
  "notice",
  "moved",
  "host:state",
  "show:ended",
];

export const CLIENT = ["sync", "shown", "answer", "host"];
