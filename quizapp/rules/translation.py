"""Whether the English of a question keeps up with its Vietnamese."""

from __future__ import annotations

from collections.abc import Collection

from quizapp.rules.question import Question, Text

TEXTS = ("stem", "options", "unit", "short", "explanation")


def missing(question: Question) -> tuple[str, ...]:
    """The texts that have no English."""
    return tuple(name for name in TEXTS if any(text.vi and not text.en.strip() for text in _texts(question, name)))


def stale(before: Question, after: Question, was: Collection[str] = ()) -> tuple[str, ...]:
    """The texts whose English is older than their Vietnamese once `before` has become `after`.

    `was` names those that were so before: they stay so until their English changes. Options have no names, so an option
    is stale that kept the English of another Vietnamese option.
    """
    return tuple(
        name
        for name in TEXTS
        if _left_behind(_texts(before, name), _texts(after, name))
        or (name in was and not _translated(_texts(before, name), _texts(after, name)))
    )


def _texts(question: Question, name: str) -> tuple[Text, ...]:
    if name == "options":
        return question.options
    text = getattr(question, name)
    return () if text is None else (text,)


def _left_behind(before: tuple[Text, ...], after: tuple[Text, ...]) -> bool:
    """Whether some English stayed while its Vietnamese changed."""
    old = {(text.vi, text.en) for text in before}
    english = {text.en for text in before}
    return any(text.en and (text.vi, text.en) not in old and text.en in english for text in after)


def _translated(before: tuple[Text, ...], after: tuple[Text, ...]) -> bool:
    """Whether there is some new English."""
    return bool({text.en for text in after} - {text.en for text in before})
