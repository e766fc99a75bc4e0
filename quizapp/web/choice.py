"""What a form without scripts says was chosen."""

from __future__ import annotations

from flask import request

from quizapp.rules.question import Question
from quizapp.rules.typed import whole_number


def chosen_in_form(asked: Question) -> tuple[int, ...]:
    """The choice in this form: `o` once or several times, or `v`. What is no number is left out, so that the rule
    refuses the rest."""
    if asked.kind == "number":
        typed = whole_number(request.form.get("v", ""))
        return () if typed is None else (typed,)
    listed = [int(text) for text in request.form.getlist("o") if text.isascii() and text.isdigit() and len(text) < 3]
    return tuple(listed) if asked.kind == "order" else tuple(sorted(set(listed)))
