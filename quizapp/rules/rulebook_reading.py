"""The settings of a contest as people write them by hand: short spellings and missing names are filled in.

What comes out is `rules.contest.Settings`, the same value that the wizard makes. Text may stand for words in two
languages, the name of a preset for its keys, and text without a zone for an instant in Vietnam time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import inspect

from quizapp.errors import Unreadable
from quizapp.rules import archive, contest
from quizapp.rules.archive import Misshapen, misshapen
from quizapp.rules.contest import PRESETS, Settings
from quizapp.rules.words import fold

Values = dict[str, Any]

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_OF_RANKING = ("keys", "preset", "tie_policy", "prize_gate", "gate_fallback", "prizes", "pass_down")
_OF_PREDICTION = ("prediction_scope", "not_over", "lower_first", "decimals")


def read(said: object, where: str = "$.settings") -> Settings:
    """The settings; refuses (`Misshapen`), with the place, what they cannot be."""
    if not isinstance(said, dict):
        raise Misshapen(where, "Thể lệ phải là một đối tượng JSON.")
    try:
        return contest.from_json(_tidy(said, inspect.type_info(Settings), where))
    except msgspec.ValidationError as fault:
        raise misshapen(fault, where) from fault


def slug(words: str, otherwise: str) -> str:
    """A key made of a name: `Giải Nhất` is `giai-nhat`."""
    return re.sub("[^a-z0-9]+", "-", fold(words)).strip("-")[:60].strip("-") or otherwise


# ── Walking through what was said ───────────────────────────────────────────────────────────────────────────────


def _tidy(said: Any, kind: inspect.Type, where: str) -> Any:
    """`said` in the one spelling of its type; what does not fit it is left for the checker of shapes to name."""
    if isinstance(kind, inspect.UnionType):
        if said is None:
            return None
        return _tidy(said, next(one for one in kind.types if not isinstance(one, inspect.NoneType)), where)
    if isinstance(kind, inspect.DateTimeType) and isinstance(said, str | int) and not isinstance(said, bool):
        try:
            return archive.moment(said).isoformat()
        except Unreadable as refusal:
            raise Misshapen(where, refusal.sentence) from refusal
    if isinstance(kind, inspect.VarTupleType) and isinstance(said, list):
        rows = [_tidy(one, kind.item_type, f"{where}[{n}]") for n, one in enumerate(said)]
        return _with_keys(rows, kind.item_type)
    if isinstance(kind, inspect.StructType):
        return _struct(said, kind, where)
    return said


def key(said: str) -> str:
    """A key as it is kept, however it was written: `Tuần 1` is `tuan-1`, and what is a key already stays as it is."""
    return said if _KEY.fullmatch(said) else slug(said, said)


def _struct(said: Any, kind: inspect.StructType, where: str) -> Any:
    short = _SHORT.get(kind.cls)
    values = short(said) if short is not None else said
    if not isinstance(values, dict):
        return values
    values = {name: _keyed(value) if name in _KEYED.get(kind.cls, ()) else value for name, value in values.items()}
    fields = {field.name: field.type for field in kind.fields}
    return {
        name: _tidy(value, fields[name], f"{where}.{name}") if name in fields else value
        for name, value in values.items()
    }


def _keyed(said: Any) -> Any:
    """Keys in the form in which they are kept: one of them, a list of them, or the names of an object."""
    if isinstance(said, str):
        return key(said)
    if isinstance(said, list):
        return [_keyed(one) for one in said]
    return {_keyed(name): value for name, value in said.items()} if isinstance(said, dict) else said


def _with_keys(rows: list[Any], kind: inspect.Type) -> list[Any]:
    """Rows of a list whose entries carry a key: those without one are named after their words."""
    if not isinstance(kind, inspect.StructType) or kind.cls not in _NAMED_AFTER:
        return rows
    stem = _NAMED_AFTER[kind.cls]
    taken = {row["key"] for row in rows if isinstance(row, dict) and "key" in row}
    for n, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            continue
        named = "name" in row
        row.setdefault("name", {"vi": str(row.get("key", f"{stem}-{n}"))})
        if "key" not in row:
            row["key"] = _free(slug(_vi(row["name"]), f"{stem}-{n}") if named else f"{stem}-{n}", taken)
            taken.add(row["key"])
    return rows


def _free(key: str, taken: set[str]) -> str:
    if key not in taken:
        return key
    return next(f"{key[:56]}-{n}" for n in range(2, 10_000) if f"{key[:56]}-{n}" not in taken)


def _vi(words: Any) -> str:
    return str(words.get("vi", "")) if isinstance(words, dict) else ""


# ── Short spellings ─────────────────────────────────────────────────────────────────────────────────────────────


def _words(said: Any) -> Any:
    return {"vi": said} if isinstance(said, str) else said


def _settings(said: Values) -> Values:
    return {"name": "Cuộc thi", "organizer": "Ban Tổ chức", **said}


def _round(said: Any) -> Any:
    """Keys of the ranking and of the prediction may stand beside them; what is played live says so."""
    if not isinstance(said, dict):
        return said
    values = _gathered(said, "ranking", _OF_RANKING, _ranking)
    values = _gathered(values, "prediction", _OF_PREDICTION, _prediction)
    if values.get("live") is not None:
        values.setdefault("kind", "live")
    elif values.get("kind") == "live":
        values["live"] = {}
    live = values.get("live")
    if isinstance(live, dict):
        flat = live.get("scoring", "FLAT") == "FLAT"
        ranking = values.setdefault("ranking", {})
        if isinstance(ranking, dict) and "keys" not in ranking:
            values["ranking"] = {**ranking, "keys": PRESETS["LIVE_FAIR" if flat else "LIVE_POINTS"]}
    if values.get("max_attempts") in ("unlimited", "không giới hạn"):
        values["max_attempts"] = None
    return values


def _gathered(said: Values, into: str, names: tuple[str, ...], short: Callable[[Any], Any]) -> Values:
    beside = {name: said[name] for name in names if name in said}
    if not beside and into not in said:
        return dict(said)
    inner = short(said.get(into, {}))
    rest = {name: value for name, value in said.items() if name not in beside}
    return {**rest, into: short({**beside, **inner})} if isinstance(inner, dict) else {**rest, into: inner}


def _overall(said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    values = _gathered(said, "ranking", _OF_RANKING, _ranking)
    if isinstance(values.get("ranking"), dict):
        values["ranking"] = {"keys": PRESETS["TOTAL"], **values["ranking"]}
    return values


def _ranking(said: Any) -> Any:
    """The name of a preset, a list of keys, or both spelled out."""
    if isinstance(said, str | list):
        said = {"keys": said}
    if not isinstance(said, dict):
        return said
    values = dict(said)
    if "preset" in values:
        values.setdefault("keys", values.pop("preset"))
    if isinstance(values.get("keys"), str):
        values["keys"] = PRESETS.get(values["keys"], values["keys"])
    return values


def _gate(said: Any) -> Any:
    return {"kind": said} if isinstance(said, str) else said


def _prediction(said: Any) -> Any:
    return {"target": said} if isinstance(said, str) else said


_SHORT: dict[type, Callable[[Any], Any]] = {
    contest.Words: _words,
    contest.Settings: _settings,
    contest.Round: _round,
    contest.Overall: _overall,
    contest.Ranking: _ranking,
    contest.PrizeGate: _gate,
    contest.Prediction: _prediction,
}
_KEYED: dict[type, tuple[str, ...]] = {
    contest.Round: ("key",),
    contest.Overall: ("key", "rounds"),
    contest.Collective: ("key", "rounds", "weights"),
    contest.Prize: ("key", "division"),
    contest.Division: ("key",),
    contest.Invited: ("rounds",),
}
_NAMED_AFTER: dict[type, str] = {
    contest.Round: "vong",
    contest.Overall: "chung",
    contest.Collective: "tap-the",
    contest.Prize: "giai",
    contest.Division: "bang",
}
