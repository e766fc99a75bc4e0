"""Contests for tests of counting: short makers of what counting works on, and whole contests made by chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from quizapp.rules import contest
from quizapp.rules.contest import POINT, Words
from quizapp.rules.tally import Book, Contestant, RoundBook, Said, Sitting
from quizapp.rules.timing import VIETNAM

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def vn(day, clock="00:00", *, year=2026):
    """An instant by Vietnamese day and clock: `vn("02/3", "09:15:12.400")`."""
    date, month = (int(part) for part in day.split("/"))
    hour, minute, *second = clock.split(":")
    whole, _, rest = (second[0] if second else "0").partition(".")
    micro = int((rest + "000000")[:6])
    return datetime(year, month, date, int(hour), int(minute), int(whole), micro, tzinfo=VIETNAM)


def us(moment):
    """Whole microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def week(key="tuan-1", opens="02/3", closes="08/3", **changes):
    """A round of rulebook A: Monday 08:00 to Sunday 22:00, ten minutes, three attempts."""
    values = {
        "key": key,
        "name": Words(key.replace("tuan-", "Tuần "), key.replace("tuan-", "Week ")),
        "opens_at": vn(opens, "08:00"),
        "closes_at": vn(closes, "22:00"),
        "max_attempts": 3,
        "paper": contest.Paper(time_limit=600),
        "prediction": contest.Prediction(),
    }
    return contest.Round(**{**values, **changes})


def settings(*rounds, **changes):
    """A contest with these rounds."""
    values = {"name": Words("Cuộc thi"), "organizer": Words("Ban Tổ chức"), "rounds": rounds or (week(),)}
    return contest.Settings(**{**values, **changes})


def sitting(code, start, end, points, no=1, *, of=10, **changes):
    """An attempt from `start` to `end` (both aware) with `points` of `of` right answers, one point each."""
    values = {
        "id": f"{code}-{no}",
        "code": code,
        "no": no,
        "started_us": us(start),
        "submitted_us": us(end),
        "score": points * POINT,
        "full": of * POINT,
        "correct": points,
        "of": of,
        "answered": of,
    }
    return Sitting(**{**values, **changes})


def said(code, value, moment, sitting=None):
    """One saving of a prediction."""
    return Said(code=code, value=value, said_us=us(moment), sitting=sitting)


def person(code, **changes):
    """Somebody who may take part."""
    return Contestant(code=code, **changes)


def book(people, *rounds, **more):
    """A book of these people and rounds."""
    return Book(contestants=tuple(people), rounds=tuple(rounds), **more)


def round_book(key="tuan-1", sittings=(), said=(), **more):
    """What was received in one round."""
    return RoundBook(key=key, sittings=tuple(sittings), said=tuple(said), **more)
