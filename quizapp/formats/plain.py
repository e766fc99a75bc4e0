"""Marked-up text of other systems as plain text on one line, in each language it has."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from quizapp.rules.question import LANGUAGES

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "ul"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
_SILENT = frozenset({"script", "style", "head", "title", "template", "object", "iframe"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_FILES = frozenset({"img", "audio", "video", "object", "iframe", "embed", "source"})
_BRACED = re.compile(r"\{mlang\s+([A-Za-z_-]+)\}(.*?)\{mlang\}", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True)
class Plain:
    """A text without its marks. `texts` has `vi` at least, and `en` where the text said so; `files`: it showed
    something that is lost."""

    texts: Mapping[str, str] = field(default_factory=lambda: {"vi": ""})
    files: bool = False

    @property
    def vi(self) -> str:
        return self.texts["vi"]

    def __bool__(self) -> bool:
        return any(self.texts.values())


def from_html(marked: str) -> Plain:
    """HTML as plain text. Languages are told apart as Moodle does: `<span lang="en" class="multilang">` or
    `{mlang en}…{mlang}`; any other text belongs to all of them."""
    reader = _Reader()
    reader.feed(_BRACED.sub(lambda m: f'<span class="multilang" lang="{m[1]}">{m[2]}</span>', marked))
    reader.close()
    return Plain(_by_language(reader.pieces), reader.files)


def from_markdown(marked: str) -> Plain:
    """Markdown as plain text: marks of emphasis, headings, lists, links and code are taken away."""
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r'<img alt="\1">', marked)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^\s{0,3}(?:#{1,6}|>|[-*+]|\d+[.)])\s+", "", text, flags=re.MULTILINE)
    text = re.sub(r"(\*\*|__)(?=[^\s_*])(.+?)(?<=[^\s_*])\1", r"\2", text)
    text = re.sub(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<!\w)_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?!\w)", r"\1", text)
    text = re.sub(r"`([^`\n]+)`", r"\1", text)
    return from_html(re.sub(r"\\([\\`*_{}\[\]()#+.!-])", r"\1", text))


def from_text(text: str) -> Plain:
    """Text without any marks."""
    return Plain({"vi": one_line(text)})


def from_any(text: str) -> Plain:
    """Text of which nothing is said: HTML where it has tags or entities, otherwise plain."""
    return from_html(text) if _TAG.search(text) or html.unescape(text) != text or "{mlang" in text else from_text(text)


def one_line(text: str) -> str:
    """`text` on one line with single spaces, composed letters, and no hidden characters."""
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Zs"} else c for c in text)
    kept = "".join(c for c in kept if unicodedata.category(c) not in {"Cf", "Co", "Cn", "Cs"})
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _by_language(pieces: list[tuple[str, str]]) -> dict[str, str]:
    said = {language for language, _ in pieces if language}
    texts = {"vi": "".join(text for language, text in pieces if language in ("", "vi"))}
    if said and not said & set(LANGUAGES):
        texts["vi"] = "".join(text for _, text in pieces)
    if "en" in said:
        texts["en"] = "".join(text for language, text in pieces if language in ("", "en"))
    if not texts["vi"].strip() and "vi" not in said:
        texts["vi"] = texts.get("en", "")
    return {language: one_line(text) for language, text in texts.items()}


class _Reader(HTMLParser):
    """Collects (language, text) pieces."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, str]] = []
        self.files = False
        self._open: list[tuple[str, str]] = []  # tags that are open, each with the language that it says
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._add(" ")
        if tag in _FILES:
            self.files = True
            if said.get("alt", "").strip():
                self._add(f" [{said['alt'].strip()}] ")
        if tag in _VOID:
            return
        marked = tag == "lang" or "multilang" in said.get("class", "").split()
        language = said.get("lang", "").lower().replace("_", "-").split("-")[0] if marked else ""
        self._open.append((tag, language))
        self._silent += tag in _SILENT

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._add(" ")
        if any(name == tag for name, _ in self._open):
            while (closed := self._open.pop()[0]) != tag:
                self._silent -= closed in _SILENT
            self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._add(data)

    def _add(self, text: str) -> None:
        language = next((language for _, language in reversed(self._open) if language), "")
        self.pieces.append((language, text))
