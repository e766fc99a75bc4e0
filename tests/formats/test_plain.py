"""Marked-up text as plain text on one line, in each language it has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.formats import plain


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("<p>Xin <b>chào</b></p><p>bạn&nbsp;&amp; tôi</p>", "Xin chào bạn & tôi"),
        ("a<br>b<ul><li>c</li><li>d</li></ul>", "a b c d"),
        ("x<style>p{}</style><script>y()</script>z", "xz"),
        ("m<sup>2</sup>, H<sub>2</sub>O", "m2, H2O"),
        ("5 < 10 và a<b", "5 < 10 và a<b"),
        ("<p>mở", "mở"),
        ("", ""),
    ],
)
def test_html_loses_its_marks(marked, said):
    assert plain.from_html(marked).vi == said


@pytest.mark.parametrize(
    ("marked", "texts"),
    [
        (
            '<span lang="vi" class="multilang">Một</span> <span class="multilang" lang="en">One</span> 5',
            {"vi": "Một 5", "en": "One 5"},
        ),
        ("{mlang vi}Một{mlang}{mlang en}One{mlang}", {"vi": "Một", "en": "One"}),
        ('<lang lang="en_utf8">One</lang><lang lang="vi_utf8">Một</lang>', {"vi": "Một", "en": "One"}),
        ('<span class="multilang" lang="en">One</span>', {"vi": "One", "en": "One"}),
        ('<span class="multilang" lang="fr">Un</span>', {"vi": "Un"}),
        ('<i lang="en">One</i> phần', {"vi": "One phần"}),
    ],
)
def test_languages_are_told_apart(marked, texts):
    assert plain.from_html(marked).texts == texts


def test_what_was_shown_and_is_lost_is_noticed():
    shown = plain.from_html('<img src="@@PLUGINFILE@@/a.png" alt="sơ đồ"/> gì?')
    assert shown.files and shown.vi == "[sơ đồ] gì?"
    assert not plain.from_html("<p>x</p>").files


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("**Đậm** và *nghiêng*", "Đậm và nghiêng"),
        ("# Đề\n\n* một\n* hai", "Đề một hai"),
        ("từ _____ năm, 2*3*4, snake_case_name", "từ _____ năm, 2*3*4, snake_case_name"),
        ("`mã` [trang](https://x.vn) ![hình](a.png)", "mã trang [hình]"),
        (r"\*không\*", "*không*"),
    ],
)
def test_markdown_loses_its_marks(marked, said):
    assert plain.from_markdown(marked).vi == said


def test_text_of_which_nothing_is_said():
    assert plain.from_any("a < b & c").vi == "a < b & c"
    assert plain.from_any("<p>a</p>").vi == "a"
    assert plain.from_any("a &lt; b").vi == "a < b"


@given(st.text())
def test_one_line_has_no_hidden_letters_and_is_stable(text):
    line = plain.one_line(text)
    assert line == plain.one_line(line) and line.isprintable()


@given(st.text(st.sampled_from("<>/&; =\"'abp{}mlang*_`[]()!#\n")))
def test_nothing_makes_it_fail(text):
    for read in (plain.from_html, plain.from_markdown, plain.from_any, plain.from_text):
        assert read(text).vi.isprintable()
