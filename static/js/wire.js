/** The names of all messages between server and browser; quizapp/live/wire.py names the same ones, and a test compares. */

export const SERVER = [
  "state",
  "turn:armed",
  "turn:reading",
  "turn:opened",
  "turn:count",
  "turn:locked",
  "turn:revealed",
  "board",
  "you",
  "notice",
  "show:ended",
  "moved",
  "lobby",
  "host:state",
  "stream:sync",
  "scene",
  "prediction:opened",
  "prediction:closed",
];

export const CLIENT = ["answer", "shown", "sync", "stream:pos", "host", "predict", "watch-word"];
