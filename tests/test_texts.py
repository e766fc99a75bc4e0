"""Every text for people has its English, and the English fits its places."""

from __future__ import annotations

import ast
import importlib.util
import re
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from quizapp.config import ROOT

NAMED = re.compile(r"%\(\w+\)[sd]|%%")
FILLED_BY_SCRIPTS = re.compile(r"\{\w+\}")
MARKUP = re.compile(r"<[^>]+>")


def loaded(path):
    made = importlib.util.module_from_spec(importlib.util.spec_from_file_location(path.stem, path))
    made.__spec__.loader.exec_module(made)
    return made


texts = loaded(ROOT / "bin" / "texts.py")


@pytest.fixture(scope="module")
def catalogue():
    with texts.CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def translated(catalogue):
    """Each text with each of its translations and the files that say it."""
    found = []
    for message in catalogue:
        for form in texts.strings(message) if message.id else ():
            said = message.id if isinstance(message.id, str) else message.id[0]
            found += [(said, form, [name for name, _ in message.locations])] if form else []
    return found


def test_every_text_has_its_english_and_none_is_left_over(catalogue):
    assert list(texts.missing(texts.gathered(), catalogue)) == []


def test_a_text_without_english_or_without_a_speaker_is_found():
    found, kept = Catalog(locale="en"), Catalog(locale="en")
    found.add("Nộp bài", locations=[("templates/quiz/review.html", 1)])
    found.add("Câu mới.", locations=[("quizapp/errors.py", 1)])
    found.add(("%(num)s câu", "%(num)s câu"), locations=[("quizapp/errors.py", 1)])
    kept.add("Nộp bài", "Hand in")
    kept.add(("%(num)s câu", "%(num)s câu"), ("%(num)s question", ""))
    kept.add("Câu cũ.", "Old.")
    assert list(texts.missing(found, kept)) == [
        "no English: 'Câu mới.' (quizapp/errors.py)",
        "no English: ('%(num)s câu', '%(num)s câu') (quizapp/errors.py)",
        "nobody says: 'Câu cũ.'",
    ]


def test_both_languages_have_the_same_places_to_fill(translated):
    for said, english, files in translated:
        assert sorted(NAMED.findall(english)) == sorted(NAMED.findall(said)), said
        assert sorted(MARKUP.findall(english)) == sorted(MARKUP.findall(said)), said
        if any(name.startswith("templates/") for name in files):
            assert sorted(FILLED_BY_SCRIPTS.findall(english)) == sorted(FILLED_BY_SCRIPTS.findall(said)), said


def test_a_text_ends_in_english_as_it_does_in_vietnamese(translated):
    for said, english, _ in translated:
        assert english == english.strip() and "  " not in english, said
        assert ending(english) == ending(said), (said, english)


def ending(text):
    return "…" if text.endswith("…") else text[-1] if text[-1] in ".?:" else ""


def test_the_catalogue_compiles_without_an_error(catalogue):
    assert [(message.id, errors) for message, errors in catalogue.check() if errors] == []
    assert not catalogue.fuzzy
    made = BytesIO()
    write_mo(made, catalogue)
    made.seek(0)
    assert read_mo(made).get("Nộp bài").string == "Hand in"


def test_texts_are_found_wherever_they_stand():
    module = ast.parse(
        '''
"""Câu mở đầu của tệp."""
refusal = "Không tìm thấy phòng thi."
place = f"{gettext('Phương án %(n)s', n=2)} ({unit} tròn.)"
count = ngettext("%(num)s câu", "%(num)s câu", 3)
units = ("năm", "tháng")
pattern = "(?:được|không)?"
DEFAULT_TITLE = "Tìm hiểu Luật"
'''
    )
    assert set(texts.marked(module)) == {"Phương án %(n)s", ("%(num)s câu", "%(num)s câu"), "Tìm hiểu Luật"}
    assert list(texts.plain(module)) == ["Không tìm thấy phòng thi."]
