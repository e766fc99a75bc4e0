"""Entering a contest on the pages: with the account's data, with what is wrong beside each field, without scripts."""

import re
import stat
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from quizapp import clock, db, models
from quizapp.models import Contestant, PhoneCode
from quizapp.rules.contest import Fields, Who
from quizapp.services import places, units
from tests import make
from tests.web.test_bank import page, signed_in

HOME = "/cuoc-thi/tim-hieu-luat"
FORM, MINE = f"{HOME}/dang-ky", f"{HOME}/thong-tin"
NUMBER = "044190012345"
RIGHT = {
    "full_name": "Nguyễn Thị Hoa",
    "birth_date": "8/3/1990",
    "sex": "f",
    "phone": "0901 234 567",
    "identity_number": NUMBER,
    "province": "44",
    "commune": "Xã Gio Linh",
    "consents": ["take_part", "publish"],
}
FIELDS = Fields(identity_number="required", sex="optional", email="optional", phone_confirmed=True)


def opened(session, hana, slug="tim-hieu-luat", fields=FIELDS, days=6, **who):
    """A contest that is open now."""
    now = clock.now()
    rounds = [make.round_rules(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=days))]
    return make.contest(session, rounds, slug, hana, now=now - timedelta(days=2), who=Who(fields=fields, **who))


@pytest.fixture
def app(app):
    with db.begin() as session:
        for who in ("ada", "bob", "hana", "mallory"):
            make.person(session, who)
        hana = session.scalar(select(models.Person).where(models.Person.name == "Hana"))
        opened(session, hana)
    return app


@pytest.fixture
def ada(client):
    return signed_in(client, "ada")


def token(client, path):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)[1]


def send(client, path=FORM, action=None, **changes):
    values = {**RIGHT, **changes} if action is None else changes
    data = MultiDict({"csrf_token": token(client, path)})
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return client.post(action or path, data=data)


def kept():
    with db.read() as session:
        return session.scalars(select(Contestant).order_by(Contestant.id)).all()


# ── Coming to the form ──────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_signed_out_makes_an_account_and_comes_back_with_the_invitation(client):
    html = page(client, f"{FORM}?moi=ABCD2345")
    assert 'href="/dang-ky?next=/cuoc-thi/tim-hieu-luat/dang-ky?moi%3DABCD2345"' in html
    assert "Bước 1" in html and "<form" not in html.partition("<main")[2].partition("</main")[0]
    html = page(signed_in(client, "ada"), f"{FORM}?moi=ABCD2345")
    assert 'value="ABCD2345"' in html


def test_the_form_knows_already_what_the_account_knows(ada):
    html = page(ada, FORM)
    assert 'value="Ada"' in html and f'value="{make.PHONES["ada"]}"' in html


def test_every_field_says_what_it_is_for_and_no_box_is_ticked(ada):
    html = page(ada, FORM)
    for purpose in ("liên hệ trao giải", "mã không đọc lại được", "kiểm tra độ tuổi", "theo địa bàn", "giải tập thể"):
        assert purpose in html
    form = html.partition("data-registration")[2].partition("</form")[0]
    assert form.count('type="checkbox"') >= 3 and " checked" not in form
    assert "Xã Gio Linh" in html and html.count("<option") >= 35


def test_a_draft_and_an_unknown_contest_look_alike(ada):
    with db.begin() as session:
        make.contest(session, slug="nhap", published=False)
    assert ada.get("/cuoc-thi/nhap/dang-ky").status_code == ada.get("/cuoc-thi/khong/dang-ky").status_code == 404


def test_after_closing_there_is_no_form(ada):
    with db.begin() as session:
        opened(session, None, "cu", days=-0.5)
    assert "hết thời gian đăng ký" in page(ada, "/cuoc-thi/cu/dang-ky")


# ── Sending it ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_right_form_enters_and_leads_to_ones_own_page(ada):
    answer = send(ada)
    assert answer.status_code == 302 and answer.location == MINE
    (made,) = kept()
    assert made.name == "Nguyễn Thị Hoa" and made.status == "ELIGIBLE"
    html = page(ada, MINE)
    assert "Đã đăng ký dự thi" in html and made.code in html and "090***567" in html
    assert ada.get(FORM).location == MINE
    assert send(ada, MINE, FORM).location == MINE


def test_ones_own_page_and_the_form_are_never_stored_and_show_no_number_again(ada):
    send(ada)
    for path in (MINE, f"{MINE}/sua"):
        answer = ada.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert NUMBER not in answer.text
    assert "0901234567" not in ada.get(MINE).text


def test_what_is_wrong_stands_above_and_beside_the_field_with_what_was_typed_kept(ada):
    answer = send(ada, full_name="Hoa", birth_date="30/2/1990", consents=[])
    assert answer.status_code == 422
    html = answer.text
    for name in ("full_name", "birth_date", "consents"):
        assert f'href="#{name}"' in html and f'id="{name}-error"' in html and f'id="{name}"' in html
    assert 'value="30/2/1990"' in html and 'value="Xã Gio Linh"' in html and 'aria-invalid="true"' in html
    assert kept() == []


def test_a_number_of_somebody_else_tells_nothing_about_them(app, ada, client):
    send(ada)
    other = signed_in(app.test_client(), "bob")
    answer = send(other, full_name="Lê Thị Lan", phone="0907654321")
    assert answer.status_code == 409 and "đăng nhập lại" in answer.text
    assert "Hoa" not in answer.text.replace("Thanh Hóa", "") and "567" not in answer.text.partition("<form")[0]


def test_who_works_on_the_contest_is_refused_kindly(client):
    answer = send(signed_in(client, "hana"))
    assert answer.status_code == 403 and "Cảm ơn sự đóng góp" in answer.text
    assert kept() == []


def test_hors_concours_is_said(client):
    with db.begin() as session:
        hana = session.scalar(select(models.Person).where(models.Person.name == "Hana"))
        opened(session, hana, "khac", involved="HORS_CONCOURS")
    signed_in(client, "hana")
    send(client, "/cuoc-thi/khac/dang-ky")
    assert "không xét giải" in page(client, "/cuoc-thi/khac/thong-tin")


def test_a_form_without_its_token_is_refused(ada):
    assert ada.post(FORM, data=RIGHT).status_code == 400


# ── Units and communes ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def trees(app):
    """A unit below another, a typed one, and two communes."""
    with db.begin() as session:
        contest = session.scalar(select(models.Contest).where(models.Contest.slug == "tim-hieu-luat"))
        hana, now = contest.owner_id, clock.now()
        top = units.add(session, contest, hana, "unit", "Liên đoàn Lao động", now=now)
        may = units.add(session, contest, hana, "unit", "Công ty May 10", parent=top, now=now)
        units.typed(session, contest, "unit", "Cty May lạ", now=now)
        above = places.province(session, contest, "44", now=now)
        for name in ("Xã Gio Linh", "Phường Đông Hà"):
            units.add(session, contest, hana, "place", name, parent=above, now=now)
        return may.id


def test_units_are_found_without_scripts_in_two_steps(ada, trees):
    answer = send(ada, unit="may 10", buoc="tim-don-vi")
    assert answer.status_code == 200 and f'name="unit_id" value="{trees}"' in answer.text
    assert "Công ty May 10 – Liên đoàn Lao động" in answer.text and 'value="Xã Gio Linh"' in answer.text
    assert kept() == []
    assert send(ada, unit="may 10", unit_id=str(trees)).location == MINE
    assert kept()[0].unit_id == trees


def test_a_unit_that_is_nearly_one_of_the_list_is_asked_about_once(ada, trees):
    answer = send(ada, unit="Cty May 10")
    assert answer.status_code == 422 and "Đơn vị khác" in answer.text and f'value="{trees}"' in answer.text
    assert send(ada, unit="Cty May 10", unit_id="khac").location == MINE
    with db.read() as session:
        assert session.get(models.Unit, kept()[0].unit_id).typed


def test_a_unit_named_exactly_needs_no_second_step(ada, trees):
    assert send(ada, unit="công ty may 10").location == MINE
    assert kept()[0].unit_id == trees


def test_a_unit_of_another_contest_is_not_taken(ada, trees):
    assert send(ada, unit="x", unit_id="99999").status_code == 404


def test_suggestions_are_names_of_listed_units_and_communes_only(client, trees):
    assert client.get(f"{FORM}/don-vi?tim=may").json == ["Công ty May 10 – Liên đoàn Lao động"]
    assert client.get(f"{FORM}/xa?tinh=44").json == ["Phường Đông Hà", "Xã Gio Linh"]
    assert client.get(f"{FORM}/xa?tinh=99").json == []
    assert client.get("/cuoc-thi/khong/dang-ky/xa?tinh=44").status_code == 404


def test_the_communes_of_the_chosen_province_stand_in_the_page(ada, trees):
    answer = send(ada, buoc="tim-don-vi")
    assert '<option value="Phường Đông Hà">' in answer.text


# ── One's own registration ──────────────────────────────────────────────────────────────────────────────────────


def test_mallory_sees_nobody_elses_registration(app, ada):
    send(ada)
    mallory = signed_in(app.test_client(), "mallory")
    for path in (MINE, f"{MINE}/sua", f"{MINE}/xoa"):
        assert mallory.get(path).status_code == 404
    assert app.test_client().get(MINE).location.startswith("/dang-nhap?next=")
    assert send(mallory, FORM, f"{MINE}/nguoi-nha/{kept()[0].code}").status_code == 404


def test_data_are_corrected_and_errors_said(ada):
    send(ada)
    answer = send(ada, f"{MINE}/sua", identity_number="", commune="Xã Cam Lộ", email="hoa@gmail.com")
    assert answer.location == MINE and "Xã Cam Lộ" in page(ada, MINE)
    answer = send(ada, f"{MINE}/sua", identity_number="", birth_date="x")
    assert answer.status_code == 422 and 'href="#birth_date"' in answer.text
    assert send(ada, f"{MINE}/sua", identity_number="", buoc="tim-don-vi").status_code == 200


def test_a_phone_that_is_taken_cannot_be_taken_over(app, ada):
    send(ada)
    other = signed_in(app.test_client(), "bob")
    send(other, full_name="Lê Thị Lan", phone="0907654321", identity_number="044190054321")
    answer = send(other, f"{MINE}/sua", full_name="Lê Thị Lan", identity_number="")
    assert answer.status_code == 409


def test_a_consent_is_taken_back_and_given_with_one_press(ada):
    send(ada)
    assert send(ada, MINE, f"{MINE}/dong-y/publish", rut="1").location == f"{MINE}#dong-y"
    assert page(ada, MINE).count("đang đồng ý") == 1
    send(ada, MINE, f"{MINE}/dong-y/publish")
    assert page(ada, MINE).count("đang đồng ý") == 2
    send(ada, MINE, f"{MINE}/dong-y/take_part", rut="1")
    assert "không thi tiếp" in page(ada, MINE)
    assert send(ada, MINE, f"{MINE}/dong-y/moi-thu").status_code == 422


def test_deleting_asks_once_more(ada):
    send(ada)
    assert "không khôi phục được" in page(ada, f"{MINE}/xoa")
    assert send(ada, f"{MINE}/xoa", f"{MINE}/xoa").status_code == 422
    assert len(kept()) == 1
    assert send(ada, f"{MINE}/xoa", f"{MINE}/xoa", **{"chac-chan": "y"}).location == HOME
    assert kept() == []


# ── The household ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_guardian_enters_a_child_and_goes_on_as_the_child(client):
    with db.begin() as session:
        opened(session, None, "gia-dinh", Fields(), guardians=True)
    home = "/cuoc-thi/gia-dinh"
    signed_in(client, "ada")
    html = page(client, f"{home}/dang-ky?cho=nguoi-nha")
    assert "Đăng ký cho người nhà" in html and f'value="{make.PHONES["ada"]}"' in html
    child = {
        "cho": "nguoi-nha",
        "full_name": "Lê An",
        "birth_date": f"1/6/{clock.now().year - 10}",
        "phone": "",
        "guardian": "y",
        "guardian_name": "Nguyễn Thị Hoa",
        "guardian_phone": make.PHONES["ada"],
        "guardian_consents": ["take_part"],
    }
    assert (
        send(
            client, f"{home}/dang-ky?cho=nguoi-nha", f"{home}/dang-ky", **{**RIGHT, **child, "full_name": "An"}
        ).status_code
        == 422
    )
    assert (
        send(client, f"{home}/dang-ky?cho=nguoi-nha", f"{home}/dang-ky", **{**RIGHT, **child}).location
        == f"{home}/thong-tin"
    )
    made = kept()[0]
    assert "Đăng ký dự thi cho tôi" in page(client, f"{home}/thong-tin")
    assert send(client, f"{home}/dang-ky").location == f"{home}/thong-tin"
    assert made.guardian and "Vào thi với tên Lê An" in page(client, f"{home}/thong-tin")
    answer = send(client, f"{home}/thong-tin", f"{home}/thong-tin/nguoi-nha/{made.code}")
    assert answer.location == home
    assert "Lê An" in page(client, f"{home}/thong-tin") and made.code in page(client, f"{home}/thong-tin")


def test_where_the_rulebook_takes_no_households_the_form_is_ones_own(ada):
    assert "Đăng ký cho người nhà" not in page(ada, f"{FORM}?cho=nguoi-nha")


# ── Confirming the phone ────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_gateway_the_page_says_that_somebody_may_call(ada):
    send(ada)
    assert "Tổ Thư ký sẽ gọi điện" in page(ada, MINE)
    assert send(ada, MINE, f"{MINE}/gui-ma").status_code == 404


@pytest.fixture
def gateway(app, tmp_path):
    """A program that writes down what it should send."""
    sent = tmp_path / "sent.txt"
    program = tmp_path / "gateway"
    program.write_text(f"#!/bin/sh\ncat >> {sent}\n", encoding="utf-8")
    program.chmod(stat.S_IRWXU)
    object.__setattr__(app.extensions["quiz_config"], "sms_command", str(program))
    return sent


def test_a_code_comes_by_message_and_confirms_the_phone(ada, gateway):
    send(ada)
    assert "090***567" in ada.get(send(ada, MINE, f"{MINE}/gui-ma").location).text
    phone, text = gateway.read_text(encoding="utf-8").splitlines()
    code = re.search(r"\d{6}", text)[0]
    assert phone == "0901234567"
    wrong = send(ada, MINE, f"{MINE}/xac-nhan", ma="000000" if code != "000000" else "111111")
    assert wrong.status_code == 422 and "Mã chưa đúng" in wrong.text
    with db.read() as session:
        assert session.scalar(select(PhoneCode.tries)) == 1
    assert send(ada, MINE, f"{MINE}/xac-nhan", ma=code).location == MINE
    assert kept()[0].phone_confirmed_at is not None
    assert "chưa xác nhận" not in page(ada, MINE)


def test_a_second_code_waits_and_an_old_one_is_over(ada, gateway):
    send(ada)
    send(ada, MINE, f"{MINE}/gui-ma")
    send(ada, MINE, f"{MINE}/gui-ma")
    assert "chờ một phút" in page(ada, MINE)
    for _ in range(5):
        send(ada, MINE, f"{MINE}/xac-nhan", ma="x")
    assert "yêu cầu mã mới" in send(ada, MINE, f"{MINE}/xac-nhan", ma="x").text


def test_a_gateway_that_fails_is_said(ada, gateway, app):
    send(ada)
    object.__setattr__(app.extensions["quiz_config"], "sms_command", "/nonexistent/gateway")
    send(ada, MINE, f"{MINE}/gui-ma")
    assert "Chưa gửi được mã" in page(ada, MINE)


def test_in_english_the_lists_and_the_consents_are_english(ada):
    html = page(ada, f"{FORM}?lang=en")
    assert "I agree to take part" in html and "Ho Chi Minh City" in html and "Not stated" in html
