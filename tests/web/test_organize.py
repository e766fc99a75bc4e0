"""Setting up a contest: who may, the list, a new one from a ready rulebook, and the wizard without scripts."""

import re

import pytest
from sqlalchemy import select

from quizapp import db, models
from quizapp.rules.timing import VIETNAM
from quizapp.services import contests
from tests import make
from tests.web.test_bank import page, send, signed_in

LIST, NEW = "/to-chuc/cuoc-thi", "/to-chuc/cuoc-thi/moi"
SLUG = "tim-hieu-luat"
HOME = f"{LIST}/{SLUG}"
NAME = 'Cuộc thi trực tuyến "Tìm hiểu Luật Bảo hiểm xã hội năm 2024"'


@pytest.fixture
def app(app):
    with db.begin() as session:
        people = {who: make.person(session, who, roles=roles) for who, roles in CAST.items()}
        make.contest(session, 2, owner=people["hana"], published=False)
    return app


CAST = {"hana": ["organizer"], "otto": ["organizer"], "ada": [], "mallory": []}


@pytest.fixture
def hana(client):
    return signed_in(client, "hana")


def kept(slug=SLUG):
    with db.read() as session:
        return session.scalar(select(models.Contest).where(models.Contest.slug == slug))


def start(client, **changes):
    return send(client, NEW, NEW, **{"start": "tuan", "name": NAME, "slug": "", "day": "2026-03-01", **changes})


# ── Who may ─────────────────────────────────────────────────────────────────────────────────────────────────────

PAGES = [HOME, f"{HOME}/nguoi"]


@pytest.mark.parametrize("path", PAGES)
def test_mallory_sees_no_contest_of_others(client, path):
    assert client.get(path).location.startswith("/dang-nhap?next=")
    assert signed_in(client, "mallory").get(path).status_code == 404


def test_only_organizers_make_contests(client):
    assert signed_in(client, "mallory").get(NEW).status_code == 403
    assert "Chưa có cuộc thi nào giao việc" in page(client, LIST)


# ── The list, and a new contest ─────────────────────────────────────────────────────────────────────────────────


def test_the_list_shows_ones_own_contests(client):
    html = page(signed_in(client, "hana"), LIST)
    assert "Tìm hiểu Luật Bảo hiểm xã hội 2024" in html and "2 vòng, từ 02/3/2026 đến 15/3/2026" in html
    assert "Đang soạn" in html


def test_rooms_and_contests_stand_side_by_side(hana):
    assert 'href="/to-chuc/cuoc-thi"' in page(hana, "/to-chuc")
    assert 'href="/to-chuc"' in page(hana, LIST)


def test_a_ready_rulebook_makes_a_draft_with_its_rounds(hana):
    answer = start(hana)
    slug = "cuoc-thi-truc-tuyen-tim-hieu-luat-bao-hiem-xa-hoi-nam-2024"
    assert answer.location == f"{LIST}/{slug}/buoc/1"
    made = kept(slug)
    assert made.published_at is None
    with db.read() as session:
        rows = session.scalars(select(models.Round).join(models.Contest).where(models.Contest.slug == slug)).all()
        assert contests.roles_of(session, made, made.owner_id) == {"secretariat", "host"}
    assert [(row.key, row.opens_at.astimezone(VIETNAM).isoformat()) for row in rows][:2] == [
        ("tuan-1", "2026-03-02T08:00:00+07:00"),
        ("tuan-2", "2026-03-09T08:00:00+07:00"),
    ]


def test_a_contest_can_begin_from_nothing(hana):
    assert start(hana, start="trong", name="Hội thi", slug="hoi-thi").status_code == 302
    rules = contests.settings(kept("hoi-thi"))
    assert (rules.name.vi, rules.rounds) == ("Hội thi", ())


def test_last_years_contest_is_copied_with_its_weekdays(hana):
    answer = start(hana, start="sao-chep", source=SLUG, name="Lần hai", slug="lan-hai", day="2027-03-01")
    assert answer.status_code == 302
    rules = contests.settings(kept("lan-hai"))
    assert [one.opens_at.astimezone(VIETNAM).date().isoformat() for one in rules.rounds] == ["2027-03-01", "2027-03-08"]


def test_nobody_copies_what_they_do_not_keep(client):
    answer = start(signed_in(client, "otto"), start="sao-chep", source=SLUG, slug="lan-hai")
    assert answer.status_code == 404
    assert kept("lan-hai") is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Vui lòng đặt tên cho cuộc thi."),
        ({"day": "mai"}, "Vui lòng chọn ngày, ví dụ 02/3/2026."),
        ({"start": "x"}, "Vui lòng chọn cách bắt đầu."),
        ({"start": "sao-chep"}, "Vui lòng chọn cuộc thi để sao chép."),
        ({"slug": "Không Được"}, "Địa chỉ chỉ gồm chữ thường không dấu"),
        ({"slug": "moi"}, "Địa chỉ này dành cho trang của hệ thống."),
        ({"slug": SLUG}, "Địa chỉ này đã có cuộc thi khác dùng."),
        ({"name": "???"}, "Địa chỉ chỉ gồm chữ thường không dấu"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(hana, wrong, said):
    answer = start(hana, **wrong)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    if "name" not in wrong:
        assert "Tìm hiểu Luật Bảo hiểm xã hội năm 2024" in answer.text


# ── How it stands, and who works on it ──────────────────────────────────────────────────────────────────────────


def test_the_overview_says_what_to_do_next(hana):
    html = page(hana, HOME)
    assert "Hoàn tất năm bước thiết lập" in html and f'href="{HOME}/buoc/5"' in html
    assert "Tuần 1" in html and "08:00:00 ngày 02/3/2026" in html and "Bản nháp, chưa công bố" in html
    assert "Tổ Thư ký, Người dẫn chương trình" in html


def test_only_pages_that_are_there_are_tabs(hana):
    html = page(hana, HOME)
    for tail in ("", "/buoc/1", "/the-le", "/nguoi"):
        assert f'<li><a href="{HOME}{tail}"' in html


def test_a_round_past_its_end_waits_for_the_secretariat(app, hana):
    with db.begin() as session:
        made = session.scalar(select(models.Contest).where(models.Contest.slug == SLUG))
        made.published_at = make.MADE
        session.add(
            models.Rulebook(contest_id=made.id, version=1, settings=made.settings, digest="", published_at=make.MADE)
        )
        for row in made.rounds:
            row.state = "PUBLISHED"
        made.rounds[0].state = "REVIEW"
        made.draft = made.settings
    html = page(hana, HOME)
    assert "Tuần 1 đang rà soát" in html and "Tuần 1 đã đóng: bắt đầu rà soát." in html
    assert "Có bản sửa thể lệ chưa công bố." in html and f"/cuoc-thi/{SLUG}" in html


def test_roles_are_given_and_taken(hana):
    path = f"{HOME}/nguoi"
    assert "Tổ Thư ký mới có một người" in page(hana, path)
    assert send(hana, path, path, login=make.PHONES["ada"], role="secretariat").location == path
    html = page(hana, path)
    assert "Ada" in html and "091***671" in html and make.PHONES["ada"] not in html
    (taken,) = [one for one in re.findall(rf'action="({HOME}/nguoi/\d+/bo)"[^§]*?</form>', html) if one][-1:]
    assert send(hana, path, taken).location == path


def test_whoever_gives_up_their_own_role_is_led_away(hana):
    path = f"{HOME}/nguoi"
    send(hana, path, path, login=make.PHONES["otto"], role="secretariat")
    with db.read() as session:
        made = kept()
        row = session.scalar(
            select(models.ContestRole).where(
                models.ContestRole.contest_id == made.id,
                models.ContestRole.person_id == made.owner_id,
                models.ContestRole.role == "secretariat",
            )
        )
    assert send(hana, path, f"{path}/{row.id}/bo").location == LIST


def test_what_is_wrong_with_a_role_is_said_beside_it(hana):
    path = f"{HOME}/nguoi"
    answer = send(hana, path, path, login="0999999999", role="judge")
    assert answer.status_code == 404 and "Mời người đó đăng ký" in answer.text and 'value="0999999999"' in answer.text
    assert send(hana, path, path, login=make.PHONES["ada"], role="focal", unit="x").status_code == 422


def test_mallory_gives_no_role(client):
    signed_in(client, "mallory")
    assert send(client, "/luat", f"{HOME}/nguoi", login=make.PHONES["mallory"], role="secretariat").status_code == 404
    assert send(client, "/luat", f"{HOME}/nguoi/1/bo").status_code == 404
