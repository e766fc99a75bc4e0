"""Setting up a contest: who may, the list, a new one from a ready rulebook, and the wizard without scripts."""

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

PAGES = [HOME]


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
