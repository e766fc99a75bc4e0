"""A show seen again by anybody: open after its end only, each answer checked at once."""

import html
import re
from datetime import timedelta

import pytest

from quizapp import clock, db
from quizapp.services import shows, streams
from tests import make


@pytest.fixture(autouse=True)
def room(app):
    """A room with one question of each kind, which is over."""
    app.config["WTF_CSRF_ENABLED"] = False
    kinds = [
        make.question("huu-tri-001"),
        make.question("huu-tri-002", kind="several", key=(0, 2)),
        make.question("huu-tri-003", kind="order", key=(2, 0, 1), options=3),
        make.question("huu-tri-004", kind="number", key=(15,)),
        make.question("huu-tri-005", kind="truefalse", key=(0,)),
    ]
    now = clock.now()
    with db.begin() as session:
        show = make.show(session, kinds, now=now)
        for n, row in enumerate(show.turns):
            row.opens_at = now + timedelta(minutes=n)
            row.open_told = row.lock_told = True
        show.position, show.ended_at = 5, now + timedelta(hours=1)
        return show.code


def text_of(answer):
    return html.unescape(answer.get_data(as_text=True))


def test_before_the_end_there_is_nothing_to_see_again(client, room):
    with db.begin() as session:
        shows.find(session, room).ended_at = None
    assert client.get(f"/phong/{room}/xem-lai").status_code == 404
    assert client.post(f"/phong/{room}/xem-lai", data={"n": 1, "o": 1}).status_code == 404


def test_without_a_recording_the_questions_are_a_plain_list(client, room):
    answer = client.get(f"/phong/{room}/xem-lai")
    text = text_of(answer)
    assert text.count("data-part=") == 5
    assert "data-film" not in text
    assert "media-src" not in answer.headers["Content-Security-Policy"]
    assert "Vì Luật quy định như vậy." not in text  # an explanation comes with the answer
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("n", "data", "said"),
    [
        (1, {"o": 1}, "Đúng rồi"),
        (1, {"o": 0}, "Chưa đúng"),
        (2, {"o": [2, 0]}, "Đúng rồi"),
        (3, {"o": [2, 0, 1]}, "Đúng rồi"),
        (3, {"o": [0, 1, 2]}, "Chưa đúng"),
        (4, {"v": "15"}, "Đúng rồi"),
        (4, {"v": "16"}, "Chưa đúng. Đáp án là 15 năm"),
        (5, {"o": 0}, "Đúng rồi"),
    ],
)
def test_an_answer_is_checked_at_once_with_its_legal_basis(client, room, n, data, said):
    text = text_of(client.post(f"/phong/{room}/xem-lai", data={"n": n, **data}))
    assert said in text
    assert "Vì Luật quy định như vậy." in text
    assert "/luat/dieu-64" in text
    assert text.count("data-settled") == 1


def test_an_empty_answer_says_what_to_do(client, room):
    answer = client.post(f"/phong/{room}/xem-lai", data={"n": 1})
    assert answer.status_code == 422
    assert "Vui lòng chọn đáp án" in text_of(answer)
    assert client.post(f"/phong/{room}/xem-lai", data={"n": 9, "o": 1}).status_code == 404


def test_a_recording_is_loaded_after_a_tap_and_places_its_questions(client, room):
    with db.begin() as session:
        streams.keep_recording(shows.find(session, room), "https://youtu.be/dQw4w9WgXcQ", 60_000, "https://x.vn")
    answer = client.get(f"/phong/{room}/xem-lai")
    text = text_of(answer)
    assert 'data-at="60000"' in text
    assert 'data-at="120000"' in text
    assert "lúc 2:00 trong video" in text
    assert "<iframe" not in text
    assert "frame-src https://www.youtube-nocookie.com" in answer.headers["Content-Security-Policy"]
