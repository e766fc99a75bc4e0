"""The secretariat's pages of units, contestants, people involved, delegates and lists."""

import io
import re

import pytest
from sqlalchemy import select

from quizapp import clock, db, models
from quizapp.documents import tables
from quizapp.formats import sandbox
from quizapp.models import Contestant, Delegate, Exclusion, Unit
from quizapp.rules.contest import Division, Fields, Words
from quizapp.services import places, units
from tests import make
from tests.web.test_bank import page, signed_in
from tests.web.test_registration import RIGHT, opened, send

HOME = "/to-chuc/cuoc-thi/tim-hieu-luat"
UNITS, PEOPLE, INVOLVED, DELEGATES = (f"{HOME}/{name}" for name in ("don-vi", "thi-sinh", "ban-to-chuc", "dai-bieu"))
LISTS = f"{HOME}/danh-sach"
NUMBER, PHONE = "044190012345", "0901234567"


@pytest.fixture
def app(app):
    with db.begin() as session:
        hana = make.person(session, "hana", roles=["organizer"])
        kim = make.person(session, "otto", name="Kim")
        for who in ("ada", "mallory"):
            make.person(session, who)
        divisions = (Division(key="a", name=Words("Bảng A")),)
        fields = Fields(identity_number="optional", sex="optional", delegate_code="optional", unit="optional")
        contest = opened(session, hana, fields=fields, divisions=divisions)
        role = models.ContestRole(contest_id=contest.id, person_id=kim.id, role="secretariat", given_at=clock.now())
        session.add(role)
    return app


@pytest.fixture
def hana(client):
    return signed_in(client, "hana")


def contest_of(session):
    return session.scalar(select(models.Contest).where(models.Contest.slug == "tim-hieu-luat"))


def grown(*names, tree="unit", parent=None):
    with db.begin() as session:
        contest, now = contest_of(session), clock.now()
        above = units.find(session, contest, parent) if parent else None
        if tree == "place":
            above = places.province(session, contest, "44", now=now)
        return [units.add(session, contest, contest.owner_id, tree, one, parent=above, now=now).id for one in names]


def entered(name="Nguyễn Thị Hoa", **more):
    with db.begin() as session:
        made = make.contestant(session, contest_of(session), name=name, now=clock.now(), **more)
        return made.code


def row(model, **by):
    with db.read() as session:
        return session.scalars(select(model).filter_by(**by)).one()


# ── Who may ─────────────────────────────────────────────────────────────────────────────────────────────────────

PAGES = [UNITS, f"{UNITS}?cay=dia-ban", f"{UNITS}/gop-ten", PEOPLE, f"{PEOPLE}/them", INVOLVED, DELEGATES]
PAGES += [
    f"{LISTS}/{kind}{tail}" for kind in ("don-vi", "dia-ban", "ban-to-chuc", "dai-bieu") for tail in ("", "/mau.xlsx")
]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_for_the_secretariat_only(app, hana, path):
    assert hana.get(path).status_code == 200
    assert app.test_client().get(path).location.startswith("/dang-nhap?next=")
    for who in ("mallory", "ada"):
        assert signed_in(app.test_client(), who).get(path).status_code == 404


def test_mallory_changes_nothing(app, hana):
    (unit,), code = grown("A"), entered()
    mallory = signed_in(app.test_client(), "mallory")
    for path in (
        f"{UNITS}/{unit}/xoa",
        f"{UNITS}/them",
        f"{UNITS}/khoa",
        f"{PEOPLE}/{code}/ten",
        f"{INVOLVED}/them",
        f"{INVOLVED}/da-dang-ky/{code}",
        f"{UNITS}/gop-ten",
    ):
        assert send(mallory, "/cuoc-thi/tim-hieu-luat/dang-ky", path, ten="X", **{"ly-do": "x"}).status_code == 404
    for path in (f"{UNITS}/{unit}", f"{PEOPLE}/{code}"):
        assert mallory.get(path).status_code == 404
    assert row(Unit, id=unit).name == "A" and row(Contestant, code=code).name == "Nguyễn Thị Hoa"


def test_a_node_and_a_contestant_of_nobody_are_not_found(hana):
    assert hana.get(f"{UNITS}/999").status_code == hana.get(f"{PEOPLE}/XXXX").status_code == 404
    assert hana.get(f"{LISTS}/khac").status_code == hana.get(f"{LISTS}/don-vi/x").status_code == 404
    (unit,), code = grown("A"), entered()
    assert send(hana, UNITS, f"{UNITS}/{unit}/khac").status_code == 404
    assert send(hana, UNITS, f"{PEOPLE}/{code}/khac").status_code == 404


# ── Units ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_tree_grows_and_says_why_it_does_not(hana):
    assert send(hana, UNITS, f"{UNITS}/them", ten="Dệt may").location == UNITS
    assert send(hana, UNITS, f"{UNITS}/them", ten="May 10", thuoc="Dệt may", ma="M10").location == UNITS
    html = page(hana, UNITS).partition("<table")[2]
    assert html.index("Dệt may") < html.index("May 10") and "M10" in html
    for wrong, sentence in (
        ({"ten": "May 10", "thuoc": "dệt may"}, "cùng tên"),
        ({"ten": "A", "thuoc": "Lạ"}, "Không tìm thấy"),
    ):
        answer = send(hana, UNITS, f"{UNITS}/them", **wrong)
        assert answer.status_code == 409 and sentence in answer.text
    found = page(hana, f"{UNITS}?tim=may+10").partition("<table")[2].partition("</table")[0]
    assert "May 10" in found and "Dệt may" not in found


def test_places_have_their_own_tree_with_all_provinces(hana):
    html = page(hana, f"{UNITS}?cay=dia-ban")
    assert "Quảng Trị" in html and "Có 34 mục" in html
    assert (
        send(hana, UNITS, f"{UNITS}/them", ten="Xã A", thuoc="Quảng Trị", cay="dia-ban").location
        == f"{UNITS}?cay=dia-ban"
    )
    assert row(Unit, name="Xã A").level == "commune"


def test_a_node_is_corrected_with_a_reason_once_the_contest_is_open(hana):
    unit, other = grown("Công ti A", "Dệt may")
    path = f"{UNITS}/{unit}"
    assert "Lý do" in page(hana, path)
    answer = send(hana, path, f"{path}/sua", ten="Công ty A")
    assert answer.status_code == 422 and "ghi lý do" in answer.text
    for do, values in (
        ("sua", {"ten": "Công ty A", "ma": "A1", "cap": "Cơ sở"}),
        ("chuyen", {"thuoc": "Dệt may"}),
        ("tong-so", {"tong": "1.200"}),
        ("chi-tieu", {"nguoi": "500", "luot": ""}),
    ):
        assert send(hana, path, f"{path}/{do}", **values, **{"ly-do": "Ghi nhầm"}).location == path
    kept = row(Unit, id=unit)
    assert (kept.name, kept.code, kept.level, kept.parent_id, kept.headcount, kept.target_people) == (
        "Công ty A", "A1", "Cơ sở", other, 1200, 500)  # fmt: skip
    assert "số nguyên" in send(hana, path, f"{path}/tong-so", tong="-1", **{"ly-do": "x"}).text


def test_a_proposed_headcount_is_approved_and_one_that_is_too_small_is_warned_of(hana):
    (unit,) = grown("A")
    with db.begin() as session:
        session.get(Unit, unit).headcount_proposed = 0
    assert "chờ duyệt" in page(hana, UNITS)
    path = f"{UNITS}/{unit}"
    send(hana, path, f"{path}/tong-so", tong="0", **{"ly-do": "Báo cáo"})
    code = entered(unit_id=unit)
    with db.begin() as session:
        contest = contest_of(session)
        who = session.scalar(select(Contestant.id).where(Contestant.code == code))
        session.add(models.Participation(round_id=contest.rounds[0].id, contestant_id=who, valid=1))
    assert "Tổng số có thể sai" in page(hana, UNITS)
    assert "chưa đề xuất" in send(hana, path, f"{path}/duyet").text
    send(hana, path, f"{UNITS}/khoa")
    assert row(Unit, id=unit).headcount_locked_at is not None


def test_an_empty_node_is_removed_and_one_is_merged_into_another(hana):
    empty, part, into = grown("Rỗng", "Cty May 10", "Tổng công ty May 10")
    code = entered(unit_id=part)
    assert send(hana, UNITS, f"{UNITS}/{empty}/xoa").location == UNITS
    answer = send(hana, UNITS, f"{UNITS}/{part}/xoa")
    assert answer.status_code == 409 and "gộp" in answer.text
    assert "chọn đơn vị" in send(hana, UNITS, f"{UNITS}/{part}/gop", **{"ly-do": "x"}).text
    assert send(hana, UNITS, f"{UNITS}/{part}/gop", vao="Tổng công ty May 10", **{"ly-do": "Một"}).location == UNITS
    assert row(Contestant, code=code).unit_id == into


def test_names_that_may_be_one_are_merged_and_parted(hana):
    (into,) = grown("Tổng công ty May 10")
    with db.begin() as session:
        part = units.typed(session, contest_of(session), "unit", "Cty May 10", now=clock.now()).id
    code = entered(unit_id=part)
    path = f"{UNITS}/gop-ten"
    assert "Cty May 10" in page(hana, path)
    assert send(hana, path, path, vao=str(into), phan=[str(part)]).status_code == 422
    assert send(hana, path, path, vao=str(into), phan=[str(part), "x"], **{"ly-do": "Một công ty"}).location == path
    assert row(Contestant, code=code).unit_id == into
    undo = re.search(r'action="([^"]+/hoan-tac)"', page(hana, path))[1]
    assert send(hana, path, undo).status_code == 422
    assert send(hana, path, undo, **{"ly-do": "Nhầm"}).location == path
    assert row(Contestant, code=code).unit_id == part


# ── Contestants ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_are_found_and_their_numbers_masked(hana):
    (unit,) = grown("May 10")
    code = entered(unit_id=unit, phone_tag=make.VAULT.tag("phone", PHONE), phone_sealed=None)
    entered("Trần Văn An", status="EXCLUDED")
    assert "Trần Văn An" not in page(hana, f"{PEOPLE}?tim=hoa")
    assert code in page(hana, f"{PEOPLE}?tim={PHONE}")
    html = page(hana, f"{PEOPLE}?trang-thai=EXCLUDED&xep=ten")
    assert "Trần Văn An" in html and "Nguyễn Thị Hoa" not in html
    assert "Nguyễn Thị Hoa" in page(hana, f"{PEOPLE}?don-vi={unit}")
    assert PHONE not in page(hana, PEOPLE)
    assert hana.get(PEOPLE).headers["Cache-Control"] == "no-store"


def test_one_contestant_is_corrected_with_reasons_and_history(hana):
    grown("Dệt 8-3")
    code = entered(division="a")
    path = f"{PEOPLE}/{code}"
    for do, values in (
        ("ten", {"ten": "Nguyễn Thị Huệ"}),
        ("don-vi", {"don-vi": "Dệt 8-3"}),
        ("noi-o", {"tinh": "44", "xa": "Xã Gio Linh"}),
        ("thoi-gian", {"muc": "150"}),
        ("trang-thai", {"trang-thai": "HORS_CONCOURS"}),
    ):
        assert send(hana, path, f"{path}/{do}", **values, **{"ly-do": "Đối chiếu hồ sơ"}).location == path
    html = page(hana, path)
    for words in ("Nguyễn Thị Huệ", "Dệt 8-3", "Xã Gio Linh", "Không xét giải", "Đối chiếu hồ sơ", "Gấp rưỡi"):
        assert words in html
    for do, values in (
        ("ten", {"ten": "Huệ"}),
        ("don-vi", {"don-vi": "Lạ"}),
        ("bang", {"bang": "x"}),
        ("ten", {"ten": "A B"}),
    ):
        assert send(
            hana, path, f"{path}/{do}", **values, **({} if values == {"ten": "A B"} else {"ly-do": "x"})
        ).status_code in (409, 422)
    assert send(hana, path, f"{path}/don-vi", **{"don-vi": "", "ly-do": "Nghỉ việc"}).location == path
    assert row(Contestant, code=code).unit_id is None


def test_who_has_sat_waits_for_a_second_person(app, hana):
    code = entered()
    with db.begin() as session:
        contest = contest_of(session)
        one = session.scalar(select(Contestant).where(Contestant.code == code))
        session.add(
            models.Attempt(
                mode="contest",
                token_hash="t",
                started_at=clock.now(),
                no=1,
                round_id=contest.rounds[0].id,
                contestant_id=one.id,
            )
        )
    path = f"{PEOPLE}/{code}"
    send(hana, path, f"{path}/trang-thai", **{"trang-thai": "EXCLUDED", "ly-do": "Ngoài tỉnh"})
    assert row(Contestant, code=code).status == "ELIGIBLE"
    assert "chờ xác nhận" in page(hana, path)


def test_somebody_is_entered_from_a_paper_and_their_phone_confirmed_by_a_call(hana):
    answer = send(hana, f"{PEOPLE}/them", f"{PEOPLE}/them", **{**RIGHT, "full_name": "Hoa"})
    assert answer.status_code == 422 and "hai từ" in answer.text
    assert send(hana, f"{PEOPLE}/them", f"{PEOPLE}/them", **RIGHT, buoc="tim-don-vi").status_code == 200
    answer = send(hana, f"{PEOPLE}/them", f"{PEOPLE}/them", **RIGHT, division="a")
    made = row(Contestant, name="Nguyễn Thị Hoa")
    assert answer.location == f"{PEOPLE}/{made.code}" and made.person_id is None
    assert send(hana, f"{PEOPLE}/them", f"{PEOPLE}/them", **RIGHT, division="a").status_code == 409
    path = f"{PEOPLE}/{made.code}"
    assert "090***567" in page(hana, path)
    send(hana, path, f"{path}/goi-dien")
    assert row(Contestant, code=made.code).phone_confirmed_at is not None


# ── People involved, delegates ──────────────────────────────────────────────────────────────────────────────────


def test_people_involved_are_named_and_taken_off(hana):
    answer = send(hana, INVOLVED, f"{INVOLVED}/them", ten="Lê Văn Ban", **{"nhiem-vu": "Ban Tổ chức"})
    assert answer.status_code == 422 and 'value="Lê Văn Ban"' in answer.text
    send(hana, INVOLVED, f"{INVOLVED}/them", ten="Lê Văn Ban", **{"can-cuoc": NUMBER, "dien-thoai": PHONE})
    html = page(hana, INVOLVED)
    assert "Lê Văn Ban" in html and NUMBER not in html and PHONE not in html
    send(hana, INVOLVED, f"{INVOLVED}/{row(Exclusion).id}/xoa")
    assert "Lê Văn Ban" not in page(hana, INVOLVED)


def test_who_registered_before_being_named_is_marked_by_the_rule(hana):
    code = entered(identity_tag=make.VAULT.tag("identity", NUMBER))
    send(hana, INVOLVED, f"{INVOLVED}/them", ten="Lê Văn Ban", **{"can-cuoc": NUMBER})
    assert "Đã đăng ký trước" in page(hana, INVOLVED)
    assert send(hana, INVOLVED, f"{INVOLVED}/da-dang-ky/{code}").location == INVOLVED
    assert row(Contestant, code=code).status == "EXCLUDED"
    assert send(hana, INVOLVED, f"{INVOLVED}/da-dang-ky/{code}").status_code == 409


# ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────


def upload(client, kind, heads, rows, name="danh-sach.xlsx"):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{LISTS}/{kind}").text)[1]
    data = tables.workbook([tables.Table("A", heads, rows)])
    return client.post(f"{LISTS}/{kind}", data={"csrf_token": token, "file": (io.BytesIO(data), name)})


def test_a_list_of_units_is_looked_over_taken_and_its_wrong_lines_given_back(hana):
    rows = [["P", "", "100"], ["Công ty A", "P", "50"], ["Công ty B", "Không có", "5"], ["Công ty C", "P", "nhiều"]]
    answer = upload(hana, "don-vi", ["Tên", "Thuộc", "Tổng số"], rows)
    preview = answer.location
    html = page(hana, preview)
    assert "2 dòng thêm mới" in html and "2 dòng lỗi" in html and "Không tìm thấy đơn vị cấp trên" in html
    with db.read() as session:
        assert session.scalars(select(Unit)).all() == []
    assert "Công ty A" not in page(hana, f"{preview}?xem=loi")
    assert send(hana, preview, f"{preview}/nhan").location == preview
    assert row(Unit, name="Công ty A").headcount == 50
    read = sandbox.table(hana.get(f"{preview}/dong-loi.xlsx").data)
    assert [cells[2] for _, cells in read[1:]] == ["Công ty B", "Công ty C"] and "cấp trên" in read[1][1][0]
    heads = read[0][1]
    again = upload(hana, "don-vi", heads, [[*cells, *[""] * (len(heads) - len(cells))] for _, cells in read[1:2]])
    assert "1 dòng lỗi" in page(hana, again.location)


def test_communes_come_as_a_list_too(hana):
    preview = upload(hana, "dia-ban", ["Tỉnh/thành phố", "Xã/phường/đặc khu"], [["Quảng Trị", "Xã A"]]).location
    send(hana, preview, f"{preview}/nhan")
    assert row(Unit, name="Xã A").level == "commune"
    assert hana.get(f"{preview}/dong-loi.xlsx").status_code == 404


def test_people_involved_are_pasted_and_their_numbers_never_shown(hana):
    path = f"{LISTS}/ban-to-chuc"
    pasted = f"Họ và tên\tSố căn cước\tSố điện thoại\nLê Văn Ban\t{NUMBER}\t\nHoa\t\t{PHONE}\n"
    preview = send(hana, path, path, dan=pasted).location
    html = page(hana, preview)
    assert NUMBER not in html and PHONE not in html and "***345" in html
    send(hana, preview, f"{preview}/nhan")
    assert row(Exclusion).identity_tag == make.VAULT.tag("identity", NUMBER)


def test_delegates_come_as_a_list_and_are_taken_off(hana):
    preview = upload(
        hana, "dai-bieu", ["Mã đại biểu", "Họ và tên", "Đoàn", "Bảng"], [["db-1", "Hoàng Khải", "Y tế", "Bảng A"]]
    ).location
    send(hana, preview, f"{preview}/nhan")
    html = page(hana, DELEGATES)
    assert "DB-1" in html and "Y tế" in html
    send(hana, DELEGATES, f"{DELEGATES}/{row(Delegate).id}/xoa")
    assert "DB-1" not in page(hana, DELEGATES)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "trống"),
        (b"PK\x03\x04x", "hỏng"),
        ("Cột lạ;Khác\n1;2\n".encode(), "dòng tiêu đề"),
        ("Tên\n".encode(), "chưa có dòng"),
    ],
)
def test_a_broken_spreadsheet_is_refused_in_one_sentence(hana, data, sentence):
    token = re.search(r'name="csrf_token" value="([^"]+)"', hana.get(f"{LISTS}/don-vi").text)[1]
    answer = hana.post(f"{LISTS}/don-vi", data={"csrf_token": token, "file": (io.BytesIO(data), "a.xlsx")})
    assert answer.status_code == 422 and sentence in answer.text


def test_nothing_chosen_and_nothing_pasted_is_said(hana):
    assert "chọn một tệp" in send(hana, f"{LISTS}/don-vi", f"{LISTS}/don-vi", dan=" ").text


def test_a_list_of_another_member_of_the_secretariat_is_not_seen(app, hana):
    preview = upload(hana, "don-vi", ["Tên"], [["A"]]).location
    kim = signed_in(app.test_client(), "otto")
    assert kim.get(preview).status_code == 404 and kim.get(UNITS).status_code == 200
