"""Whoever reads English meets no Vietnamese word but names, examples to type, and the law's own text."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import pytest

from quizapp import db
from quizapp.rules.question import Text
from quizapp.services import demo, shows
from tests import make

VIETNAMESE = re.compile("[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]", re.IGNORECASE)
SEEN = ("aria-label", "alt", "placeholder", "title", "value")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Names of people and places, and what is quoted because one types it: «Điều 64», codes of documents and points.
KEPT = re.compile(
    "|".join(
        [
            "«[^»]*»",
            r"(?:Điều|khoản|điểm) [\w, ]+",
            r"\w+/NĐ-CP",
            r"point đ\b",
            "Chị Hoà – Quảng Trị",
            "Sen Hồng 27",
            "Tiếng Việt",
            *(re.escape(one.name) for one in demo.LOGINS),
        ]
    )
)


class Reader(HTMLParser):
    """What a page shows and says outside places that are marked as Vietnamese; words for scripts included."""

    def __init__(self, page):
        super().__init__()
        self.said, self._languages = [], [""]
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        language = given.get("lang", self._languages[-1])
        for name, value in given.items():
            if (
                (name in SEEN or name.startswith("data-"))
                and language != "vi"
                and not (name == "value" and tag != "button")
            ):
                self.said.append(value or "")
        if tag not in VOID:
            self._languages.append(language)

    def handle_endtag(self, tag):
        if tag not in VOID:
            self._languages.pop()

    def handle_data(self, data):
        if self._languages[-1] != "vi":
            self.said.append(data)


def vietnamese(page):
    """The Vietnamese left in a page, without what is kept in every language."""
    return [text.strip() for text in Reader(page).said if VIETNAMESE.search(KEPT.sub("", text))]


def in_english(id, kind="one", **changes):
    said = make.question(id, kind, **changes)
    plain = {name: Text("Câu", "Which one") for name in ("stem", "short", "explanation")}
    if kind != "truefalse":
        plain["options"] = tuple(Text(f"Ý {n}", f"Option {n}") for n in range(len(said.options)))
    return replace(said, **plain, **({"unit": Text("năm", "years")} if said.unit else {}))


@pytest.fixture
def everything(client):
    """A bank of every kind, a room, and somebody who may see it all."""
    asked = [
        in_english("huu-tri-001"),
        in_english("huu-tri-002", "several", key=(0, 1)),
        in_english("huu-tri-003", "truefalse", key=(0,)),
        in_english("huu-tri-004", "order", key=(2, 0, 1), options=3),
        in_english("huu-tri-005", "number", key=(15,)),
    ]
    with db.begin() as session:
        ada = make.person(session, "ada", roles=["organizer", "reviewer", "admin"])
        entries = make.bank(session, *asked)
        room = shows.new(session, entries, shows.DEFAULT_TITLE, make.Settings(), now=make.MADE, organizer_id=ada.id)
        code = room.code
    return code


@pytest.fixture
def ada(client, everything):
    sign_in(client)
    return client


def sign_in(client):
    send(client, "/dang-nhap?lang=en", "/dang-nhap", login=make.PHONES["ada"], password=make.PASSWORD)


def send(client, page, path, **values):
    """Send a form from `page`, with its token."""
    return client.post(path, data={"csrf_token": token_of(client.get(page).text), **values}, follow_redirects=True)


def token_of(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def open_pages(app):
    """The address of every page that has no part to fill in."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    return sorted(rule.rule for rule in rules if not rule.rule.startswith(("/api/", "/suc-khoe")))


def test_every_page_is_in_english(app, ada):
    seen = {}
    for path in open_pages(app):
        answer = ada.get(f"{path}?lang=en")
        if answer.mimetype == "text/html":
            assert '<html lang="en"' in answer.text, path
            seen[path] = vietnamese(answer.text)
    assert len(seen) > 15
    assert {path: left for path, left in seen.items() if left} == {}


@pytest.mark.parametrize(
    "path",
    [
        "/hoc/huu-tri",
        "/hoc/huu-tri/bang-xep-hang",
        "/luat/dieu-53",
        "/luat/chuong-3",
        "/luat/dieu-999",
        "/luat?tim=luong+huu",
        "/luat?tim=zzzz",
        "/nothing-here",
        "/phong?ma=000000",
        "/phong/{code}",
        "/phong/{code}?xem=1",
        "/phong/{code}/man-hinh",
        "/phong/{code}/dieu-khien",
        *(f"/ngan-hang/huu-tri-00{n}" for n in range(1, 6)),
        *(f"/ngan-hang/huu-tri-00{n}/sua" for n in range(1, 6)),
        "/ngan-hang/huu-tri-001/so-lieu",
    ],
)
def test_a_page_about_one_thing_is_in_english(ada, everything, path):
    page = ada.get(path.format(code=everything)).text
    assert '<html lang="en"' in page
    assert vietnamese(page) == []


@pytest.mark.parametrize("mode", ["practice", "exam"])
def test_a_quiz_is_in_english_from_the_first_question_to_the_result(ada, mode):
    first = send(ada, "/hoc/huu-tri", "/hoc/huu-tri", questions="5", mode=mode, seconds="45")
    path = first.request.path
    assert path.startswith("/thi/") and vietnamese(first.text) == []
    for n in range(1, 6):
        page = ada.get(f"{path}?cau={n}").text
        action = re.search(r'<form method="post" action="([^"]+)"', page)[1]
        answers = {"v": "7"} if 'name="v"' in page else {"o": re.findall(r'name="o"[^>]+value="(\d)"', page)[:2]}
        answered = ada.post(
            action, data={"csrf_token": token_of(page), "m": f"{n:032x}", **answers}, follow_redirects=True
        )
        assert vietnamese(page) + vietnamese(answered.text) == []
    review = f"{path}/xem-lai"
    assert vietnamese(ada.get(review).text) == []
    result = send(ada, review, re.search(r'action="(/thi/[^"]+)"', ada.get(review).text)[1])
    assert result.request.path.endswith("/ket-qua")
    assert vietnamese(result.text) == []


def test_a_file_and_what_is_wrong_in_it_are_shown_in_english(ada):
    page = "/ngan-hang/nhap"
    file = (BytesIO(b"What is it?\nA. One\nB. Two\nANSWER: D\n"), "one.txt")
    seen = send(ada, page, page, file=file, topic="huu-tri", format="aiken")
    assert seen.request.path.startswith("/ngan-hang/nhap/")
    assert "does not point to any option" in seen.text
    assert vietnamese(seen.text) == []
    bad = send(ada, page, page, file=(BytesIO(b"nothing"), "one.xlsx"), topic="", format="xlsx")
    assert vietnamese(bad.text) == []


def test_refusals_and_errors_of_forms_are_in_english(ada):
    assert vietnamese(send(ada, "/toi", "/toi/mat-khau", old="wrong", new="12345678").text) == []
    assert vietnamese(send(ada, "/to-chuc/phong-moi", "/to-chuc/phong-moi", questions="99", seconds="1").text) == []
    assert vietnamese(send(ada, "/dang-ky", "/dang-ky", name="A", login="12", password="1").text) == []


def test_a_vietnamese_word_would_be_noticed():
    page = '<html lang="en"><p lang="vi">Điều một</p><p aria-label="Nộp bài">Hand in</p><br><p>Câu hỏi</p></html>'
    assert vietnamese(page) == ["Nộp bài", "Câu hỏi"]
