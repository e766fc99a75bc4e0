"""Figures of the live half, for whoever watches the machine."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

SOCKETS = Gauge("quiz_sockets", "Open sockets", ["part"])
ANSWERS = Counter("quiz_answers_total", "Answers over sockets by verdict", ["verdict"])
KEEPING = Histogram(
    "quiz_answer_seconds",
    "From reading an answer to its acknowledgement",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
)
