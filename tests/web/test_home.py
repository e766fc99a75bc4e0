import pytest

from quizapp import db
from tests import make


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Mỗi ngày 5 câu, hiểu luật để hưởng đủ quyền lợi"),
        ("/cuoc-thi", "Chưa có cuộc thi nào đang mở. Luyện tập trước nhé?"),
        ("/tro-giup", "Vào phòng thi trực tiếp"),
    ],
)
def test_the_first_pages_are_open_to_everybody(client, path, words):
    page = client.get(path)
    assert page.status_code == 200
    assert words in page.text


def test_the_first_page_leads_to_practice_a_room_and_hosting(client):
    with db.begin() as session:
        make.bank(session, make.question())
    page = client.get("/").text
    for way in ('href="/hoc/tong-hop"', 'href="/hoc/huu-tri"', 'action="/phong"', 'name="ma"', 'href="/to-chuc"'):
        assert way in page
    assert "Đang làm dở" not in page


def test_looking_around_leaves_no_cookie_of_ours(client):
    client.get("/")
    assert client.get_cookie("visitor") is None
