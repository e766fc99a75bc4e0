"""After the show: the picture to share, the report for those who held it, entries by comment."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from quizapp import db, models
from quizapp.formats import table
from tests import make

COMMENTS = "Tài khoản\tBình luận\tThời gian\nLan Anh\tB 1250\t02/03/2026 20:46\nMinh\tC 9\t02/03/2026 20:47\n"


@pytest.fixture
def room(app, now):
    """A finished show of two questions: Ada answered both, Bob the first one only; returns its code."""
    with db.begin() as session:
        hana = make.person(session, "hana", roles=["organizer"])
        make.person(session, "mallory", roles=["organizer"])
        show = make.show(session, 2, now=now)
        show.organizer_id, show.title = hana.id, "Hội thi <b>thử</b>"
        ada, bob = (make.player(session, show, name, now=now) for name in ("Ada Lê", "Bob & Co"))
        for turn in show.turns:
            turn.reading_at = now + timedelta(minutes=turn.n)
            turn.opens_at = turn.reading_at + timedelta(seconds=5)
            turn.closes_at = turn.opens_at + timedelta(seconds=20)
            turn.open_told = turn.lock_told = True
            turn.revealed_at = turn.board_at = turn.closes_at + timedelta(seconds=5)
            for player, chosen in ((ada, [1]), (bob, [0]))[: 3 - turn.n]:
                given = turn.opens_at + timedelta(seconds=3)
                session.add(answer(player, turn, chosen, given))
        show.position, show.ended_at = 2, now + timedelta(minutes=9)
        return show.code


def answer(player, turn, chosen, given_at):
    return models.Answer(
        attempt_id=player.id,
        question_id=turn.question_id,
        turn_id=turn.id,
        n=1,
        m=f"{turn.n:016x}{player.id[:16]}",
        chosen=chosen,
        given_at=given_at,
        verdict="ok",
    )


@pytest.fixture
def hana(app, room):
    return signed_in(app, "hana")


@pytest.fixture
def mallory(app, room):
    return signed_in(app, "mallory")


def signed_in(app, who):
    client = app.test_client()
    assert post(client, "/dang-nhap", login=make.PHONES[who], password=make.PASSWORD).status_code == 302
    return client


def post(client, path, *, page=None, **sent):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page or path).text)[1]
    return client.post(path, data={"csrf_token": token, **sent})


def rows_of(answer):
    """The first sheet of a workbook that was sent."""
    return [row.values["cells"] for row in table.read(answer.data).rows]


def test_the_picture_is_what_social_networks_show_whole(client, room):
    found = client.get(f"/phong/{room}/tong-ket.png")
    assert (found.status_code, found.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(found.data)).size == (1200, 630)


def test_there_is_no_picture_before_the_end(client, room):
    with db.begin() as session:
        session.query(models.Show).one().ended_at = None
    assert client.get(f"/phong/{room}/tong-ket.png").status_code == 404


def test_the_recap_names_its_picture_for_those_who_share_it(client, room):
    page = client.get(f"/phong/{room}/tong-ket").text
    assert f'property="og:image" content="http://localhost/phong/{room}/tong-ket.png"' in page.replace(
        "127.0.0.1:8000", "localhost"
    )


def test_the_report_tells_numbers_and_no_names(hana, room):
    page = hana.get(f"/phong/{room}/bao-cao").text
    assert "2 người vào phòng, 2 người trả lời ít nhất một câu, 1 người trả lời đủ mọi câu" in page
    assert "1/2" in page
    assert "Ada" not in page
    assert "1 trong 2 người đã trả lời không đi đến câu cuối" in page


def test_the_report_is_a_workbook_too(hana, room):
    rows = rows_of(hana.get(f"/phong/{room}/bao-cao.xlsx"))
    assert rows[1:] == [["1", "19:01:05", "2", "2", "1"], ["2", "19:02:05", "2", "1", "1"]]


def test_before_the_first_question_there_is_nothing_to_report(hana, room, now):
    with db.begin() as session:
        for turn in session.query(models.Turn):
            turn.lock_told = False
    assert "Chưa có câu hỏi nào được chơi" in hana.get(f"/phong/{room}/bao-cao").text
    assert hana.get(f"/phong/{room}/bao-cao.xlsx").status_code == 404


@pytest.mark.parametrize("path", ["bao-cao", "bao-cao.xlsx", "binh-luan", "binh-luan/mau.xlsx", "binh-luan/1"])
def test_another_organizer_finds_no_such_room(mallory, room, path):
    assert mallory.get(f"/phong/{room}/{path}").status_code == 404


@pytest.fixture
def brought(hana, room):
    """The address of a list that hana brought."""
    answer = post(hana, f"/phong/{room}/binh-luan", title="Câu 3", dan=COMMENTS, key="b", target="1.284")
    assert answer.status_code == 302
    return answer.location


def test_comments_that_are_pasted_are_read_at_once(hana, brought):
    page = hana.get(brought).text
    assert re.search(r"<th scope=\"row\">Lan Anh</th><td>B 1250", page)
    assert "vẫn phải đăng ký" in page
    assert "Đáp án khác" in page


def test_other_rules_read_the_list_anew(hana, brought):
    assert post(hana, f"{brought}/cach-doc", page=brought, key="C", closes_at="02/03/2026 20:47").status_code == 302
    page = hana.get(brought).text
    assert "Chưa có bình luận nào được tính" in page
    assert "Ngoài thời gian nhận" in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"key": "X"}, "một chữ A, B, C hoặc D"),
        ({"target": "-3"}, "số nguyên từ 0 trở lên"),
        ({"opens_at": "tối qua"}, "Vui lòng nhập như"),
        ({"opens_at": "02/03/2026 20:00", "closes_at": "02/03/2026 19:00"}, "sau giờ bắt đầu"),
    ],
)
def test_rules_that_cannot_be_are_refused_with_what_to_do(hana, brought, sent, sentence):
    answer = post(hana, f"{brought}/cach-doc", page=brought, **sent)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_list_that_cannot_be_read_keeps_what_was_typed(hana, room):
    answer = post(hana, f"/phong/{room}/binh-luan", title="Câu 3", dan="không có tiêu đề")
    assert answer.status_code == 422
    assert "Không tìm thấy dòng tiêu đề" in answer.text
    assert "không có tiêu đề" in answer.text


def test_a_free_room_has_nobody_to_join_an_account_to(hana, brought):
    answer = post(hana, f"{brought}/gan", page=brought, comment="1", contestant="ABC")
    assert answer.status_code == 422
    assert "không thuộc cuộc thi nào" in answer.text


def test_the_whole_list_can_be_taken_away_as_a_workbook(hana, brought):
    rows = rows_of(hana.get(f"{brought}/danh-sach.xlsx"))
    assert rows[1][:3] == ["1", "Lan Anh", "B 1250"]
    assert rows[2][6] == "Đáp án khác"


def test_a_list_is_thrown_away_for_good(hana, room, brought):
    assert post(hana, f"{brought}/xoa", page=brought).status_code == 302
    assert hana.get(brought).status_code == 404
    assert "Chưa có danh sách" in hana.get(f"/phong/{room}/binh-luan").text
