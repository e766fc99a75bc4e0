"""Finding an article of the law from what people type: without accents, misspelt, in words that the law does not use.

The words are folded, mended to words that the law has, and said again in the law's own terms. Articles are ranked by
the phrases they share with them, rare ones and those in titles first.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from quizapp.rules.law import Article, Citation, Law
from quizapp.rules.words import Piece, fold, mark, snippet

LONGEST_PHRASE = 5  # words
MOST_HITS = 20
MOST_WORDS = 24  # of a search
WORTH_SHOWING = 0.3  # of the best hit's score
_WEIGHTS = {"title": 4.0, "around": 1.0, "body": 1.5}  # of a phrase in the title, in the headings above, in the text
_OTHER_WORDS = 0.8  # what a phrase in the law's terms is worth against one that was typed
_TELEX = (("aa", "a"), ("ee", "e"), ("oo", "o"), ("dd", "d"), ("aw", "a"), ("ow", "o"), ("uw", "u"), ("w", "u"))

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """An article that a search found: its title marked, and the paragraph that matches best."""

    article: Article
    title: tuple[Piece, ...]
    where: Citation
    text: tuple[Piece, ...]


@dataclass(frozen=True)
class Wanted:
    """What a search asks for: the words as mended, the same in the law's terms, and the words as typed."""

    words: Phrase
    others: tuple[Phrase, ...]
    typed: Phrase

    @property
    def mended(self) -> bool:
        """Whether a word was changed or left out."""
        return self.words != self.typed

    @property
    def all_words(self) -> tuple[str, ...]:
        """Every word that an article may have, each once."""
        return tuple(dict.fromkeys(word for phrase in (self.words, *self.others) for word in phrase))


@dataclass
class Index:
    """What a search needs to know of the law, computed once."""

    law: Law
    synonyms: Mapping[Phrase, Phrase]
    places: dict[int, dict[str, Counter[Phrase]]] = field(init=False, default_factory=dict)
    vocabulary: Counter[str] = field(init=False, default_factory=Counter)
    spread: Counter[Phrase] = field(init=False, default_factory=Counter)  # in how many articles a phrase stands

    def __post_init__(self) -> None:
        for article in self.law.articles:
            texts = fields(self.law, article)
            found = {name: Counter(phrases(words(text))) for name, text in texts.items()}
            self.places[article.number] = found
            self.vocabulary.update(word for text in texts.values() for word in words(text))
            self.spread.update({phrase for name in ("title", "body") for phrase in found[name]})

    def wanted(self, typed: str) -> Wanted:
        """What the typed words ask for."""
        said = words(typed)[:MOST_WORDS]
        typed_terms = {word for phrase in self.synonyms for word in phrase}
        mended = tuple(word for one in said if (word := self._mended(one, typed_terms)))
        others = tuple(dict.fromkeys(self.synonyms[part] for part in phrases(mended) if part in self.synonyms))
        return Wanted(mended, tuple(one for one in others if one != mended), said)

    def find(self, typed: str, among: Iterable[int] | None = None) -> tuple[Hit, ...]:
        """The articles that the typed words mean, the best first; only of those `among`, where given."""
        numbered = re.fullmatch(r"(?:dieu )?(\d{1,3})", fold(typed))
        if numbered and (article := self.law.article(int(numbered[1]))):
            return (self._hit(article, Wanted((), (), ())),)
        wanted = self.wanted(typed)
        numbers = self.places.keys() if among is None else among
        scores = {number: score for number in numbers if (score := self._score(number, wanted))}
        best = max(scores.values(), default=0.0)
        ranked = sorted((-score, number) for number, score in scores.items() if score >= WORTH_SHOWING * best)
        found = [self.law.article(number) for _, number in ranked[:MOST_HITS]]
        return tuple(self._hit(article, wanted) for article in found if article is not None)

    def _mended(self, word: str, more: set[str]) -> str:
        """The word, or the nearest one that the law has: typed with the marks of a keyboard, or one letter off."""
        if word in self.vocabulary or word in more:
            return word
        if word.isdigit():
            return ""
        for guess in _plain(word):
            if guess in self.vocabulary:
                return guess
        near = [known for known in self.vocabulary if _one_off(word, known)] if len(word) > 2 else []
        return max(near, key=lambda known: (known[0] == word[0], self.vocabulary[known]), default="")

    def _score(self, number: int, wanted: Wanted) -> float:
        """How well an article fits: over all shared phrases, by where they stand, how long and how rare they are."""
        score = 0.0
        for worth, said in ((1.0, wanted.words), *((_OTHER_WORDS, other) for other in wanted.others)):
            shared = [phrase for phrase in set(phrases(said)) if self._has(number, phrase)]
            longest = max((len(phrase) for phrase in shared), default=0)
            if longest < min(2, len(wanted.typed)):
                continue  # a word here and a word there is no find
            score += worth * sum(self._worth(number, phrase) for phrase in shared)
        return score

    def _has(self, number: int, phrase: Phrase) -> bool:
        return any(phrase in found for found in self.places[number].values())

    def _worth(self, number: int, phrase: Phrase) -> float:
        rare = math.log(1 + len(self.places) / (1 + self.spread[phrase]))
        where = self.places[number]
        times = where["body"][phrase]
        here = _WEIGHTS["title"] * (phrase in where["title"]) + _WEIGHTS["around"] * (phrase in where["around"])
        here += _WEIGHTS["body"] * times / (times + 2) if times else 0.0
        return here * rare * len(phrase)

    def _hit(self, article: Article, wanted: Wanted) -> Hit:
        places = [(where, text, self._shown(text, wanted)) for where, text in article.places()]
        where, text, shown = max(places, key=lambda one: (len(one[2].split()), one[2] != ""))
        title = self._shown(article.title, wanted)
        return Hit(article, mark(article.title, title), where, snippet(text, shown))

    def _shown(self, text: str, wanted: Wanted) -> str:
        """The longest phrase of the search that a text has: what is marked in it."""
        folded = f" {' '.join(words(text))} "
        parts = (" ".join(part) for said in (wanted.words, *wanted.others) for part in phrases(said, None))
        return max((part for part in parts if f" {part} " in folded), key=lambda part: part.count(" "), default="")


def fields(law: Law, article: Article) -> dict[str, str]:
    """What is searched of an article: its title, the headings above it, and its text."""
    chapter = law.chapter_of(article)
    section = chapter.section(article.section)
    return {
        "title": article.title,
        "around": f"{chapter.title} {section.title if section else ''}",
        "body": " ".join(text for _, text in article.places()),
    }


def words(text: str) -> Phrase:
    """The words of a text, folded."""
    return tuple(re.findall(r"[a-z0-9]+", fold(text)))


def phrases(said: Sequence[str], longest: int | None = LONGEST_PHRASE) -> Iterator[Phrase]:
    """Every row of words in `said`, up to `longest` of them."""
    for size in range(1, 1 + min(len(said), longest or len(said))):
        for start in range(len(said) - size + 1):
            yield tuple(said[start : start + size])


@cache
def _plain(word: str) -> tuple[str, ...]:
    """What a word may mean that was typed with the marks of Telex or VNI: `luowng`, `huwu`, `luong7`."""
    vni = re.sub(r"[0-9]", "", word)
    telex = word
    for marks, letter in _TELEX:
        telex = telex.replace(marks, letter)
    return tuple(guess for guess in (vni, telex, re.sub(r"[sfrxjz](?=$)", "", telex)) if guess and guess != word)


def _one_off(a: str, b: str) -> bool:
    """Whether one letter too many, too few, wrong or exchanged with its neighbour lies between two words."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )
