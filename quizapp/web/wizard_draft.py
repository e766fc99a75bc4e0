"""One step of the wizard between the draft and the form: what it shows, which rounds share rules, and the draft that
comes of what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from flask_babel import gettext

from quizapp.rules import contest as rulebook
from quizapp.rules.closing_phrase import phrase
from quizapp.rules.closing_phrase import read as read_moment
from quizapp.rules.contest import PRESETS, Settings
from quizapp.rules.model_rulebooks import MONDAY, WEEK
from quizapp.rules.timing import VIETNAM
from quizapp.web import wizard_form as forms
from quizapp.web import wizard_steps as steps
from quizapp.web.typed_tree import Tree, at, press, rows
from quizapp.web.wizard_form import Choice, Errors, Section, Values, free_key

_CONTEST_WIDE = (
    steps.NAMES,
    steps.AFTERWARDS,
    steps.OVERALL,
    steps.WHO,
    steps.FIELDS,
    steps.DIVISIONS,
    steps.UNITS,
    steps.KEEPING,
)
_LAST_NUMBER = re.compile(r"\d+(?!.*\d)")
_PLACE = re.compile(r" - at `\$\.?(.*)`")


@dataclass
class Form:
    """One step: what is typed, what is wrong with it, which round it is about, and which others follow that one."""

    step: int
    rounds: list[Values]  # as the draft has them
    chosen: int | None  # number of the round whose rules are shown
    sections: tuple[Section, ...]
    tree: Tree = field(default_factory=dict)
    applied: frozenset[str] = frozenset()
    errors: list[tuple[str, str]] = field(default_factory=list)
    focus: str = ""

    @property
    def round(self) -> Values | None:
        """The round whose rules are shown."""
        return None if self.chosen is None else self.rounds[self.chosen]

    @property
    def others(self) -> list[Values]:
        """The rounds that may follow the chosen one's rules."""
        return [one for n, one in enumerate(self.rounds) if n != self.chosen and self._can_share(one)]

    @property
    def choices(self) -> list[Values]:
        """The rounds that this step has something to say of."""
        return [one for one in self.rounds if fits(self.step, one)]

    def at(self, path: str) -> Any:
        return at(self.tree, path)

    def rows(self, path: str) -> list[Any]:
        return rows(self.tree, path)

    def error(self, path: str) -> str | None:
        return next((sentence for where, sentence in self.errors if where == path), None)

    def is_wrong(self, path: str) -> bool:
        """Whether something at or below a path is wrong."""
        return any(where == path or where.startswith(f"{path}.") for where, _ in self.errors)

    def _can_share(self, one: Values) -> bool:
        here = self.round
        return here is not None and fits(self.step, one) and is_live(one) == is_live(here)


def values_of(settings: Settings) -> Values:
    """The settings as plain values that a form may change."""
    values: Values = msgspec.json.decode(msgspec.json.encode(settings))
    return values


def fits(step: int, one: Values) -> bool:
    """Whether a step has anything to say of a round."""
    if step == 3:
        return bool(one["kind"] == "final")
    return step != 4 or one["kind"] in ("live", "final")


def is_live(one: Values) -> bool:
    """Whether everybody answers together in this round."""
    return one["kind"] == "live" or (one["kind"] == "final" and one.get("live") is not None)


def is_contest_wide(section: Section) -> bool:
    """Whether a section says something of the contest rather than of one round."""
    return section in _CONTEST_WIDE


# ── What a step shows ───────────────────────────────────────────────────────────────────────────────────────────


def empty(step: int, values: Values, wanted: str, topics: tuple[Choice, ...]) -> Form:
    """A step without texts yet; it is about the round with the key `wanted`, or the first that it fits."""
    rounds = values["rounds"]
    fitting = [n for n, one in enumerate(rounds) if fits(step, one)]
    chosen = next((n for n in fitting if rounds[n]["key"] == wanted), fitting[0] if fitting else None)
    return Form(step, rounds, chosen, _sections(step, None if chosen is None else rounds[chosen], topics))


def shown(form: Form, values: Values) -> Form:
    """The step as the draft has it."""
    for section in form.sections:
        form.tree.update(_merged(form.tree, forms.show(_placed(section, form.chosen), values)))
    if form.step == 1:
        form.tree["rounds"] = [{"base": r["key"], "name": dict(r["name"]), "kind": r["kind"]} for r in form.rounds]
    if form.step == 2:
        times = Section("", "", (steps.TIMES,))
        form.tree |= forms.show(times, {"times": [{**one, "base": one["key"]} for one in form.rounds]})
    form.applied = frozenset(
        one["key"] for one in form.others if _rules(form, one, values) == _rules(form, None, values)
    )
    return form


def _sections(step: int, one: Values | None, topics: tuple[Choice, ...]) -> tuple[Section, ...]:
    """The sections of a step; those of a round only where there is one."""
    if step == 1:
        return (steps.NAMES,) if one is None else (steps.NAMES, steps.paper(topics), steps.ESSAY)
    if step == 2:
        own = () if one is None else (steps.PREDICTION, steps.RANKING, steps.GIVING)
        sat = () if one is None or is_live(one) else (steps.ATTEMPTS,)
        return (*sat, *own, steps.AFTERWARDS, steps.OVERALL)
    if step == 3:
        final = () if one is None else (steps.INVITED,)
        return (steps.WHO, steps.FIELDS, steps.DIVISIONS, steps.UNITS, *final, steps.KEEPING)
    return () if one is None else (steps.LIVE,)


def _placed(section: Section, number: int | None) -> Section:
    """The section below the round it speaks of; what is said of the contest stays where it is."""
    return section if section in _CONTEST_WIDE else replace(section, base=f"rounds.{number}")


def _rules(form: Form, one: Values | None, values: Values) -> list[Tree]:
    """What this step says of a round, or of the chosen one."""
    number = form.chosen if one is None else form.rounds.index(one)
    return [forms.show(_placed(part, number), values) for part in form.sections if part not in _CONTEST_WIDE]


def _merged(one: Tree, other: Tree) -> Tree:
    """Two trees as one; the fields of one part may stand in several sections."""
    found = dict(one)
    for name, inner in other.items():
        there = found.get(name)
        found[name] = _merged(there, inner) if isinstance(there, dict) and isinstance(inner, dict) else inner
    return found


# ── Rows that come, go and move ─────────────────────────────────────────────────────────────────────────────────


def moves_rows(form: Form, do: str, preset: str) -> bool:
    """Change rows as a button says, without reading or saving anything; tells whether the button was one of those."""
    if do == "preset":
        keys = PRESETS.get(preset)
        if keys is not None:
            form.tree.setdefault("ranking", {})["keys"] = [{"is": key} for key in keys]
        form.focus = "ranking.keys"
        return True
    what, _, path = do.partition(":")
    if what not in ("add", "remove", "up", "down"):
        return False
    press(form.tree, do, _fresh(form, path) if what == "add" else None)
    form.focus = _focus(form, what, path)
    return True


def _fresh(form: Form, path: str) -> Any:
    if path == "rounds":
        return _next_round(form.rows("rounds"))
    fields = [one for section in form.sections for one in section.fields]
    return forms.fresh_row(fields, path) or {}


def _next_round(listed: Sequence[Any]) -> Tree:
    """A round like the last one, named by the next number."""
    last = listed[-1] if listed else {}
    names = {language: _counted_on(str(at(last, f"name.{language}"))) for language in ("vi", "en")}
    return {"base": at(last, "base"), "name": names, "kind": at(last, "kind") or "self_paced", "fresh": "1"}


def _counted_on(name: str) -> str:
    return _LAST_NUMBER.sub(lambda number: str(int(number[0]) + 1), name, count=1)


def _focus(form: Form, what: str, path: str) -> str:
    """The row to look at next."""
    if what == "add":
        return f"{path}.{len(form.rows(path)) - 1}"
    listed, _, number = path.rpartition(".")
    last = len(form.rows(listed)) - 1
    if not number.isdigit() or last < 0:
        return listed
    step = {"up": -1, "down": 1}.get(what, 0)
    return f"{listed}.{min(max(int(number) + step, 0), last)}"


# ── From what was typed to a draft ──────────────────────────────────────────────────────────────────────────────


def read(form: Form, before: Values, now: datetime) -> tuple[Settings | None, list[tuple[str, str]]]:
    """The draft with what this step says, or what could not be read of it, each with its field."""
    values, errors = deepcopy(before), Errors()
    for section in form.sections:
        forms.read(_placed(section, form.chosen), form.tree, values, errors)
        if section not in _CONTEST_WIDE:
            for one in form.others:
                if one["key"] in form.applied:
                    forms.read(_placed(section, form.rounds.index(one)), form.tree, values, Errors())
    if form.step == 1:
        _read_rounds(form, values, errors, now)
    if form.step == 2:
        _read_times(form, values, errors)
    if errors.found:
        return None, errors.found
    _tidy(values)
    try:
        return rulebook.from_json(values), []
    except msgspec.ValidationError as fault:
        found = _PLACE.search(str(fault))
        place = re.sub(r"\[(\d+)\]", r".\1", found[1]) if found else ""
        own = re.sub(r"^rounds\.\d+\.|^who\.", "", place)
        return None, [(own, gettext("Có mục chưa đúng mẫu: %(place)s.", place=place or str(fault)))]


def _read_rounds(form: Form, values: Values, errors: Errors, now: datetime) -> None:
    """The rounds by the rows of the table: kept ones with their rules, new ones like the round they follow."""
    known = {one["key"]: one for one in values["rounds"]}
    taken = {*known, *(one["key"] for one in values["overall"])}
    said: dict[str, list[Values]] = {"rounds": []}
    forms.read(Section("", "", (steps.ROUNDS,)), form.tree, said, errors)
    listed: list[Values] = []
    for number, row in enumerate(said["rounds"], 1):
        base, name = row.get("base", ""), row.get("name") or {"vi": "", "en": ""}
        is_new = bool(row.get("fresh")) or base not in known or any(other["key"] == base for other in listed)
        one = deepcopy(known[base]) if base in known else _first_round(now)
        if is_new:
            one["key"] = free_key(name["vi"], taken, f"vong-{number}")
            taken.add(one["key"])
            if base in known:
                _move(one, WEEK * sum(1 for other in listed if other.get("like") == base) + WEEK)
            one["like"] = base
        one |= {"name": name, "kind": row.get("kind") or one["kind"]}
        listed.append(one)
    for one in listed:
        one.pop("like", None)
    values["rounds"] = listed
    _forget_rounds(values, {one["key"] for one in listed})


def _first_round(now: datetime) -> Values:
    """A week that opens on the second Monday from now."""
    local = now.astimezone(VIETNAM).replace(hour=8, minute=0, second=0, microsecond=0) + WEEK
    opens = local + timedelta(days=(MONDAY - local.weekday()) % 7)
    closes = (opens + timedelta(days=6)).replace(hour=22)
    one = rulebook.Round(
        key="x",
        name=rulebook.Words(""),
        opens_at=opens,
        closes_at=closes,
        closes_phrase=phrase(closes),
        prediction=rulebook.Prediction(),
    )
    kept: Values = msgspec.json.decode(msgspec.json.encode(one))
    return kept


def _move(one: Values, by: timedelta) -> None:
    for name in ("opens_at", "closes_at"):
        one[name] = (datetime.fromisoformat(one[name]) + by).isoformat()
    if one["closes_phrase"]:
        one["closes_phrase"] = phrase(datetime.fromisoformat(one["closes_at"]))
    live = one.get("live") or {}
    for name in ("watch_word_until", "registration_until"):
        if live.get(name):
            live[name] = (datetime.fromisoformat(live[name]) + by).isoformat()


def _forget_rounds(values: Values, keys: Iterable[str]) -> None:
    """Lists and finals no longer name rounds that are gone."""
    kept = set(keys)
    listing = [*values["overall"], *values["collective"], *(r["invited"] for r in values["rounds"] if r.get("invited"))]
    for one in listing:
        one["rounds"] = [key for key in one.get("rounds", ()) if key in kept]


def _read_times(form: Form, values: Values, errors: Errors) -> None:
    """When each round opens and closes. A phrase alone says the end; one that was ours follows a new end."""
    said: dict[str, list[Values]] = {"times": []}
    forms.read(Section("", "", (steps.TIMES,)), form.tree, said, errors)
    by_key = {one["key"]: one for one in values["rounds"]}
    for number, row in enumerate(said["times"]):
        one = by_key.get(row.get("base", ""))
        if one is None or row.get("opens_at") is None:
            continue
        opens, typed = datetime.fromisoformat(row["opens_at"]), row.get("closes_phrase", "")
        was = datetime.fromisoformat(one["closes_at"])
        closes = datetime.fromisoformat(row["closes_at"]) if row.get("closes_at") else read_moment(typed, since=opens)
        if closes is None:
            sentence = gettext("Chọn lúc đóng, hoặc ghi như «đến hết ngày 08/3/2026».")
            errors.say(f"times.{number}.closes_at", sentence)
            continue
        if typed == phrase(was) and closes != was:
            typed = phrase(closes)
        one |= {"opens_at": opens.isoformat(), "closes_at": closes.isoformat(), "closes_phrase": typed}


def _tidy(values: Values) -> None:
    """What follows from other choices is not asked again."""
    for one in values["rounds"]:
        if one["kind"] == "live":
            one["live"] = one.get("live") or {"questions": _questions(one) or 10}
        if one["kind"] not in ("live", "final"):
            one["live"] = None
        if one["kind"] != "final":
            one["invited"] = None
        if is_live(one):
            one["max_attempts"] = 1
        _tidy_teams(one.get("live") or {})
    for listed in values["overall"]:
        _tidy_teams(listed)


def _questions(one: Values) -> int:
    paper = one["paper"]
    return len(paper["questions"]) if paper["kind"] == "fixed" else sum(line["count"] for line in paper["blueprint"])


def _tidy_teams(part: Values) -> None:
    """Teams are ranked where it is said how many of their members count."""
    teams = part.get("teams")
    if teams is not None:
        said = {name: value for name, value in teams.items() if value is not None}
        part["teams"] = said if "best" in said else None
