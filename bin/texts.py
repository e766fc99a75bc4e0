#!/usr/bin/env python3
"""Gathers every text for people and brings the English catalogue up to date: new texts appear there empty.

Vietnamese stands in the source. Templates and pages mark a text by `_`, `gettext`, `lazy_gettext` or `ngettext`.
Refusals and rules say theirs as plain sentences that are translated where they are shown; these are found by their
Vietnamese letters, a space and the mark at their end. A bare word (a unit, a name, a pattern) is no sentence: where
people see it, it is marked.
`--check` writes nothing and fails if the catalogue lacks a text, has an empty one, or keeps one that nobody says.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("templates/**.html", "jinja2"), ("templates/**.svg", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
VIETNAMESE = re.compile("[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]", re.IGNORECASE)

UNCHANGING = datetime(2026, 1, 1, tzinfo=UTC)  # the catalogue differs only where a text does

# Where sentences stand unmarked; the other modules speak to people through marked texts only.
PLAIN = ("errors.py", "rules", "services", "formats", "live", "web")
NAMES = {"site_name", "DEFAULT_TITLE"}  # what the product calls things as long as nobody gave them another name
WORDY = {"losses", "beyond", "Format"}  # functions and calls whose words are for people, though no sentences
# Each sentence stands there in both languages, for files and papers that carry both.
SILENT = (
    "formats/guide.py",
    "rules/consent.py",
    "rules/model_rulebooks.py",
    "rules/rulebook.py",
    "rules/rulebook_people.py",
    "rules/rulebook_play.py",
    "rules/rulebook_results.py",
    "rules/rulebook_rounds.py",
    "rules/rulebook_text.py",
)


def main(words: list[str]) -> int:
    """Update the catalogue, or with `--check` say what is missing in it."""
    found = gathered()
    kept = read_po(CATALOGUE.open("rb"), locale="en") if CATALOGUE.exists() else Catalog(locale="en", fuzzy=False)
    if "--check" in words:
        faults = list(missing(found, kept))
        print("\n".join(faults) or "every text has its English")
        return 1 if faults else 0
    kept.update(found, no_fuzzy_matching=True)
    kept.obsolete.clear()
    kept.header_comment = "# The English of every text; `make texts` brings the list up to date."
    kept.project, kept.version, kept.fuzzy = "quiz", "1", False
    kept.creation_date = kept.revision_date = UNCHANGING
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, kept, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    empty = sum(1 for message in kept if message.id and not any(strings(message)))
    print(f"{len(kept)} texts, {empty} without English: {CATALOGUE.relative_to(ROOT)}")
    return 0


def missing(found: Catalog, kept: Catalog) -> Iterator[str]:
    """What the catalogue lacks, in sentences."""
    for message in found:
        there = kept.get(message.id if isinstance(message.id, str) else message.id[0])
        if message.id and (there is None or not all(strings(there)) or there.fuzzy):
            where = ", ".join(name for name, _ in message.locations)
            yield f"no English: {message.id!r} ({where})"
    for message in kept:
        if message.id and found.get(message.id if isinstance(message.id, str) else message.id[0]) is None:
            yield f"nobody says: {message.id!r}"


def strings(message: Message) -> tuple[str, ...]:
    """The translations of one text: one, or one for each number."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def gathered() -> Catalog:
    """Every text for people, with the files that say it."""
    catalogue = Catalog(locale="en", fuzzy=False, project="quiz", charset="utf-8")
    for name, _, message, _, _ in extract_from_dir(ROOT, METHODS, keywords=KEYWORDS, directory_filter=_ours):
        catalogue.add(message, locations=[(name, 1)])
    for path in sorted((ROOT / "quizapp").rglob("*.py")):
        name = str(path.relative_to(ROOT / "quizapp"))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = list(marked(tree))
        if name.startswith(PLAIN) and name not in SILENT:
            texts += plain(tree)
        for text in texts:
            catalogue.add(text, locations=[(f"quizapp/{name}", 1)])
    return catalogue


def marked(tree: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """The texts that a module marks, those of `ngettext` in both forms; and the names it gives by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", "")) in KEYWORDS:
            forms = tuple(_said(form) for form in node.args[: 2 if KEYWORDS[name] else 1])
            if all(forms):
                yield forms if len(forms) > 1 else forms[0]
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if getattr(target, "id", "") in NAMES:
                yield _said(node.value)


def plain(tree: ast.Module) -> Iterator[str]:
    """The Vietnamese sentences of a module, without its documentation and without pieces of other texts."""
    no_texts = {id(node) for node in _documentation(tree)} | {id(node) for node in _pieces(tree)}
    words = {id(node) for node in _wordy(tree)}
    for node in ast.walk(tree):
        said = _said(node)
        if id(node) not in no_texts and VIETNAMESE.search(said) and (_is_sentence(said) or id(node) in words):
            yield said


def _said(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_sentence(text: str) -> bool:
    return " " in text and text.endswith((".", "?", "!"))


def _wordy(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        name = getattr(node, "name", "") or getattr(getattr(node, "func", None), "id", "")
        if name.strip("_") in WORDY:
            yield from ast.walk(node)


def _documentation(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _pieces(tree: ast.Module) -> Iterator[ast.AST]:
    """Parts of formatted strings, which cannot be translated, and texts of `ngettext`, gathered with their plural."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from node.values
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ngettext":
            yield from node.args


def _ours(folder: str | Path) -> bool:
    return not any(part.startswith(".") or part in {"node_modules", "instance"} for part in Path(folder).parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
