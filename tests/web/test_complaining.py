"""Complaints: taken from contestants while the form is open, with all that is to be mended said at once; answers are
read by whoever complained and by nobody else."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from quizapp import clock, db, models
from quizapp.services import complaints
from tests import make, reported
from tests.web.test_bank import page, signed_in
from tests.web.test_results import ACCOUNTS, DURING, at, code, text

FORM = "/cuoc-thi/tim-hieu-luat/khieu-nai"
TYPED = {"round": "tuan-1", "kind": "score", "text": "Câu 2 chấm sai.", "contact": "ada@example.vn"}


@pytest.fixture
def app(app, monkeypatch):
    with db.begin() as session:
        make.person(session, "mallory")
        made, people = reported.contest(session)
        for name, who in ACCOUNTS.items():
            people[name].person_id = make.person(session, who).id
        make.sat(session, made.rounds[0], people["ada"], [1, None, [15], [2, 0, 1]])
    at(monkeypatch, DURING)
    return app


def send(client, file=None, **values):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(FORM).get_data(as_text=True))[1]
    sent = {"csrf_token": token, **TYPED, **values}
    if file is not None:
        sent["file"] = (BytesIO(file), "../giay to.exe")
    return client.post(FORM, data=sent, content_type="multipart/form-data")


def made():
    with db.read() as session:
        return session.query(models.Complaint).order_by(models.Complaint.number.desc()).first()


def contact(of):
    with db.read() as session:
        kept = session.get(models.Complaint, of.id)
        return complaints.contact(make.VAULT, session.query(models.Contest).one(), kept)


def refused(client, *sentences, **values):
    answer = send(client, **values)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'aria-invalid="true"' in html and "Cần xem lại" in html
    for sentence in sentences:
        assert html.count(sentence) == 2  # in the summary and beside its field
    with db.read() as session:
        assert session.query(models.Complaint).count() == 1
    return html


def test_a_complaint_is_taken_with_its_number_and_the_day_of_its_answer(client):
    signed_in(client, "ada")
    answer = send(client)
    assert answer.status_code == 302 and answer.headers["Location"] == f"{FORM}#cua-toi"
    html = text(page(client, FORM))
    assert "Đã nhận khiếu nại số 2." in html and "Khiếu nại số 2 Đang chờ trả lời Điểm của tôi · Tuần 1" in html
    assert "Hạn trả lời: " in html and "Câu 2 chấm sai." in html
    assert (made().number, made().kind, contact(made())) == (2, "score", "ada@example.vn")


def test_the_registered_phone_stands_masked_in_the_form_and_whole_in_the_complaint(client):
    signed_in(client, "ada")
    html = page(client, FORM)
    assert 'value="091***678"' in html and reported.PHONE not in html
    send(client, contact="091***678")
    assert contact(made()) == reported.PHONE


def test_without_a_phone_the_mail_address_stands_there_or_nothing(client):
    signed_in(client, "ada")
    with db.begin() as session:
        session.query(models.Contestant).filter_by(name="Nguyễn Thị Ada").one().phone_sealed = None
    assert 'id="contact" name="contact"' in page(client, FORM) and "@example.vn" in page(client, FORM)
    assert reported.EMAIL not in page(client, FORM)
    with db.begin() as session:
        session.query(models.Contestant).filter_by(name="Nguyễn Thị Ada").one().email_sealed = None
    assert "@example.vn" not in page(client, FORM)


def test_a_complaint_about_a_question_names_one_that_was_met(client):
    signed_in(client, "ada")
    assert "Câu hỏi số 2 hỏi gì?" in page(client, FORM)
    assert send(client, kind="question", question="tuan-1:huu-tri-002").status_code == 302
    assert made().question_id == "huu-tri-002"


def test_a_complaint_about_a_winner_names_one_without_telling_who_did_not_agree(client):
    signed_in(client, "ada")
    html = page(client, FORM)
    assert "Giải Nhất, hạng 1: Nguyễn Thị Ada" in html and "Bốp" not in html
    assert f"Giải Nhì, hạng 2: Thí sinh {code('Bốp')[:4]}" in html
    assert send(client, kind="winner", winner="tuan-1:1:1").status_code == 302
    assert made().about_code == code("Bốp")


def test_all_that_is_to_be_mended_is_said_at_once_and_what_was_typed_stays(client):
    signed_in(client, "ada")
    html = refused(
        client,
        "Vui lòng chọn vòng thi đang nhận khiếu nại.",
        "Vui lòng chọn loại khiếu nại.",
        "Vui lòng viết nội dung khiếu nại.",
        round="tuan-2",
        kind="khac",
        text=" ",
    )
    assert 'value="ada@example.vn"' in html
    refused(client, "Vui lòng ghi cách liên hệ để nhận trả lời.", contact="")
    refused(client, "Vui lòng chọn câu hỏi của vòng đã chọn.", kind="question", question="tuan-1:huu-tri-999")
    refused(client, "Vui lòng chọn người đạt giải của vòng đã chọn.", kind="winner", winner="tuan-1:1:7")
    assert "x" * 4001 in refused(client, "Nội dung dài quá 4.000 chữ.", text="x" * 4001)


def test_a_file_comes_along_if_it_is_one_that_may(client, monkeypatch):
    monkeypatch.setattr(complaints, "LARGEST", 1000)
    signed_in(client, "ada")
    refused(client, "Chỉ nhận tệp PDF, JPG hoặc PNG.", file=b"MZ")
    refused(client, "Tệp lớn hơn 2 MB.", file=b"%PDF-" + b"x" * complaints.LARGEST)
    assert send(client, file=b"%PDF-1.7").status_code == 302
    assert made().file_name == "khieu-nai-2.pdf"
    assert "Có tệp kèm theo: khieu-nai-2.pdf" in text(page(client, FORM))


def test_a_sixth_open_complaint_waits_for_an_answer(client):
    signed_in(client, "ada")
    for _ in range(5):
        assert send(client).status_code == 302
    answer = send(client, text="Thêm một việc")
    assert answer.status_code == 429 and "Đã có 5 khiếu nại" in answer.get_data(as_text=True)
    assert "Thêm một việc" in answer.get_data(as_text=True)


def test_answers_are_read_by_whoever_complained_and_nobody_else(client):
    signed_in(client, ACCOUNTS["chi"])
    html = text(page(client, FORM))
    assert "Khiếu nại số 1 Giữ nguyên kết quả" in html and "Giữ nguyên." in html
    signed_in(client, "ada")
    assert "Khiếu nại số 1" not in text(page(client, FORM))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "ANNOUNCED", "complaints_until": None}, "sắp nhận khiếu nại"),
        ({"state": "FINAL"}, "Đã hết hạn khiếu nại lúc"),
        ({"complaints_until": DURING}, "Đã hết hạn khiếu nại lúc"),
        ({"state": "REVIEW", "complaints_until": None}, "trong 5 ngày làm việc sau khi công bố"),
    ],
)
def test_outside_of_its_time_the_page_says_when(client, values, said):
    signed_in(client, "ada")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page(client, FORM))[1]
    with db.begin() as session:
        for name, value in values.items():
            setattr(session.query(models.Contest).one().rounds[0], name, value)
    html = page(client, FORM)
    assert said in text(html) and '<form method="post" enctype' not in html
    assert client.post(FORM, data={"csrf_token": token, **TYPED}).status_code == 422
    assert made().number == 1


def test_the_deadline_may_pass_between_the_page_and_the_press(client, monkeypatch):
    signed_in(client, "ada")
    assert "Nhận khiếu nại đến" in text(page(client, FORM))
    at(monkeypatch, make.CLOSES + timedelta(days=9))
    assert "đang nhận khiếu nại" in text(page(client, FORM)) and clock.now() > DURING


def test_only_contestants_complain_and_others_are_told_how(client):
    html = page(client, FORM)
    assert "Chỉ người đã đăng ký cuộc thi này" in html and f"/dang-nhap?next={FORM}" in html
    signed_in(client, "mallory")
    html = page(client, FORM)
    assert "Chỉ người đã đăng ký cuộc thi này" in html and "Khiếu nại số" not in html
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    assert client.post(FORM, data={"csrf_token": token, **TYPED}).status_code == 404
    assert made().number == 1
