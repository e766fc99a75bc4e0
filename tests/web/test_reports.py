"""Dashboards, public figures, focal points and papers: each number where it may stand, and none that finds a person."""

import re
from datetime import timedelta

import pytest

from quizapp import clock, db
from quizapp.models import Contest, ContestRole, Participation, Round, Snapshot, Unit
from quizapp.rules.contest import Paper, Prediction
from quizapp.services import open_boards, reports
from tests import make, reported
from tests.documents.reading import sheets, words
from tests.web.test_bank import page, send, signed_in

BASE = "/to-chuc/cuoc-thi/tim-hieu-luat"
DASHBOARD, FOCAL, PAPERS = f"{BASE}/bao-cao", f"{BASE}/dau-moi", f"{BASE}/van-ban"
PUBLIC = "/cuoc-thi/tim-hieu-luat/thong-ke"
ROW_PAPERS = ("quyet-dinh", "so-lieu", "xep-hang", "don-vi", "dia-ban", "dap-an")


@pytest.fixture(autouse=True)
def _nothing_kept():
    reports._kept.clear()
    reports._kept_days.clear()
    open_boards._kept.clear()


@pytest.fixture
def app(app):
    with db.begin() as session:
        hana = make.person(session, "hana", roles=["organizer"])
        ada, bob = make.person(session), make.person(session, "bob")
        make.person(session, "mallory")
        contest, _ = reported.contest(session, owner=hana)
        firm = session.query(Unit).filter_by(name="Công ty May 10").one()
        give(session, contest, ada, "focal", firm.id)
        give(session, contest, bob, "panel")
    return app


def give(session, contest, who, role, unit_id=None):
    session.add(ContestRole(contest_id=contest.id, person_id=who.id, role=role, unit_id=unit_id, given_at=make.MADE))
    session.flush()


def plain(html):
    """The words of a page in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def read(client, path):
    return plain(page(client, path))


def running(prediction=None, people=12, **changes):
    """Let the second week be open now, with so many people who sat in it; all of Công ty May 10."""
    now = clock.now()
    with db.begin() as session:
        contest = session.query(Contest).one()
        row = contest.rounds[1]
        rules = make.round_rules(
            "tuan-2",
            opens_at=now - timedelta(days=3),
            closes_at=now + timedelta(days=1),
            paper=Paper(kind="fixed", questions=("huu-tri-001",)),
            prediction=prediction,
            **changes,
        )
        kept = dict(contest.settings)
        kept["rounds"] = [kept["rounds"][0], make.rulebook.to_json(make.contest_rules([rules]))["rounds"][0]]
        contest.settings = kept
        row.state, row.opens_at, row.closes_at = "OPEN", rules.opens_at, rules.closes_at
        make.committed(session, row, make.question("huu-tri-001"))
        firm = session.query(Unit).filter_by(name="Công ty May 10").one()
        for n in range(people):
            who = make.contestant(session, contest, name="Người Thi", unit_id=firm.id)
            sat = make.sat(session, row, who, [1 if n % 2 else 0], started=now - timedelta(days=2, minutes=10))
            session.add(
                Participation(
                    round_id=row.id,
                    contestant_id=who.id,
                    started=1,
                    valid=1,
                    best_points=sat.points,
                    best_full=sat.full,
                    best_submitted_at=sat.handed_in_at,
                )
            )


# ── Who may look ────────────────────────────────────────────────────────────────────────────────────────────────

STAFF = [
    DASHBOARD,
    f"{DASHBOARD}.xlsx",
    f"{DASHBOARD}/cau-hoi",
    FOCAL,
    f"{FOCAL}.pdf",
    PAPERS,
    f"{PAPERS}/the-le.pdf",
    f"{PAPERS}/khieu-nai.xlsx",
    f"{PAPERS}/tuan-1/quyet-dinh.pdf",
]


@pytest.mark.parametrize("path", STAFF)
def test_mallory_is_turned_away(client, path):
    assert client.get(path).location.startswith("/dang-nhap?next=")
    assert signed_in(client, "mallory").get(path).status_code == 404


def test_mallory_proposes_nothing(client):
    signed_in(client, "mallory")
    with db.read() as session:
        firm = session.query(Unit).filter_by(name="Công ty May 10").one().id
    assert send(client, "/toi", f"{FOCAL}/{firm}/tong-so", people="1").status_code == 404


@pytest.mark.parametrize("who", ["ada", "bob"])
def test_roles_see_no_more_than_theirs(client, who):
    signed_in(client, who)
    for path in (DASHBOARD, PAPERS, f"{PAPERS}/khieu-nai.pdf"):
        assert client.get(path).status_code == 404
    assert client.get(FOCAL).status_code == (200 if who == "ada" else 404)
    assert client.get(f"{DASHBOARD}/cau-hoi").status_code == (200 if who == "bob" else 404)


# ── The dashboard ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_round_with_a_result_is_shown_from_it(client):
    text = read(signed_in(client, "hana"), f"{DASHBOARD}?vong=tuan-1")
    assert "57 người dự thi với 130 lượt thi" in text and "bảng kết quả số 1" in text
    assert "Không xét giải (ghi riêng): 4 người với 7 lượt thi" in text
    assert "Ninh Bình 57 130" in text and "Công ty May 10 38 90" in text and "tạm tính" not in text


def test_small_numbers_are_hidden_with_the_one_that_would_give_them_away(client):
    text = read(signed_in(client, "hana"), f"{DASHBOARD}?vong=tuan-1")
    assert "02/03 40 100" in text and "03/03 dưới 10 người –" in text and "08/03 dưới 10 người –" in text
    assert "Không ghi, hoặc ở cấp khác dưới 10 người" in text


def test_a_running_contest_is_counted_live_and_refreshes_itself(client):
    running()
    signed_in(client, "hana")
    html = page(client, DASHBOARD)
    assert "12 người dự thi với 12 lượt thi" in plain(html) and "tạm tính lúc" in html
    assert 'data-live="20"' in html and "js/report.js" in html
    assert "12 người dự thi" in read(client, f"{DASHBOARD}?vong=tuan-2")
    assert "Chưa có lượt thi nào" in read(client, f"{DASHBOARD}?vong=tuan-2&ngay=2020-01-01")


def test_the_next_look_finds_fresh_figures_and_nobody_waits_for_them(client, monkeypatch):
    running()
    signed_in(client, "hana")
    assert "12 người dự thi" in read(client, DASHBOARD)
    with db.begin() as session:
        contest = session.query(Contest).one()
        row = contest.rounds[1]
        make.sat(session, row, make.contestant(session, contest), [1], started=clock.now() - timedelta(hours=1))
    monkeypatch.setattr(reports, "SOONEST", timedelta())
    monkeypatch.setattr(reports, "SHARE_OF_TIME", 0)
    answer = client.get(DASHBOARD)
    assert "12 người dự thi" in answer.text  # at once, as kept
    answer.close()  # what a server does once all is sent: then it is counted anew
    assert "13 người dự thi" in read(client, DASHBOARD)


def test_an_empty_contest_says_when_there_will_be_figures(client):
    text = read(signed_in(client, "hana"), f"{DASHBOARD}?vong=tuan-2")
    assert "Chưa có lượt thi nào. Số liệu sẽ xuất hiện sau khi có người nộp bài." in text


@pytest.mark.parametrize(("query", "status"), [("vong=x", 404), ("ngay=hom-qua", 422), ("vong=tuan-1", 200)])
def test_a_filter_that_means_nothing_is_refused(client, query, status):
    assert signed_in(client, "hana").get(f"{DASHBOARD}?{query}").status_code == status


def test_the_files_say_the_same_as_the_page(client):
    signed_in(client, "hana")
    book = dict(sheets(client.get(f"{DASHBOARD}.xlsx?vong=tuan-1").data))
    assert ["Người dự thi", 57] in book["Số liệu chung"] and ["Lượt thi (lượt thi hợp lệ)", 130] in book[
        "Số liệu chung"
    ]
    assert ["Công ty May 10", 38, 90] in book["Theo đơn vị Công ty"]
    text = words(client.get(f"{DASHBOARD}.pdf?vong=tuan-1").data)
    assert "Tuần 1: 57 người dự thi với 130 lượt thi." in text and "bảng kết quả số 1 của Tuần 1" in text
    assert client.get(f"{DASHBOARD}.docx").status_code == 404
    running()
    assert "Số liệu tạm tính lúc" in words(client.get(f"{DASHBOARD}.pdf").data)


# ── Questions ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_shares_of_right_answers_wait_for_the_closing_but_for_the_panel(client):
    running()
    html = page(signed_in(client, "hana"), f"{DASHBOARD}/cau-hoi")
    assert 'value="tuan-2"' not in html and client.get(f"{DASHBOARD}/cau-hoi?vong=tuan-2").status_code == 404
    client.post("/dang-xuat")
    signed_in(client, "bob")
    text = read(client, f"{DASHBOARD}/cau-hoi?vong=tuan-2")
    assert "50 % 12" in text and "Phương án" not in text


def test_questions_of_a_round_that_nobody_sat_have_no_figures(client):
    assert "Chưa có lượt thi nào." in read(signed_in(client, "hana"), f"{DASHBOARD}/cau-hoi?vong=tuan-1")
    with db.begin() as session:
        session.query(Round).filter_by(key="tuan-1").one().cut_at = None
    assert "sau khi vòng thi đóng" in read(client, f"{DASHBOARD}/cau-hoi")


# ── For everybody ───────────────────────────────────────────────────────────────────────────────────────────────


def test_an_announced_round_is_read_from_its_result_and_the_others_say_nothing(client):
    text = read(client, PUBLIC)
    assert "57 người dự thi với 130 lượt thi" in text and "Ninh Bình 57 130" in text
    assert "Vòng này chưa mở." in text and "61 người" not in text


@pytest.mark.parametrize("state", ["CLOSED", "REVIEW", "PROVISIONAL"])
def test_between_closing_and_announcement_there_is_nothing_to_read(client, state):
    with db.begin() as session:
        row = session.query(Round).filter_by(key="tuan-1").one()
        row.state, row.announced_at = state, None
    text = read(client, PUBLIC)
    assert "Ban Tổ chức đang tổng hợp kết quả." in text and "57" not in text


def test_once_every_round_is_announced_the_contest_is_told_with_people_counted_once(client):
    with db.begin() as session:
        contest = session.query(Contest).one()
        row = contest.rounds[1]
        row.state, row.announced_at = "ANNOUNCED", make.CLOSES
        whole = make.tally.Figures(people=2380, attempts=8300, people_of_rounds=3950)
        make.snapshot(session, row, [], now=make.CLOSES + timedelta(days=9), numbers={"contest": whole})
    text = read(client, PUBLIC)
    assert "2.380 người dự thi với 8.300 lượt thi" in text and "3.950" not in text


def test_what_is_predicted_is_hidden_or_rounded_while_the_round_is_open(client):
    running(Prediction(target="P_PEOPLE", public_step=0))
    text = read(client, PUBLIC)
    assert "Người đăng ký" in text and "Lượt thi 12" in text and "Người dự thi 12" not in text


def test_what_is_predicted_may_be_rounded_down(client):
    running(Prediction(target="P_PEOPLE", public_step=10))
    assert "Người dự thi từ 10" in read(client, PUBLIC)


def test_a_draft_has_no_public_figures(client):
    with db.begin() as session:
        session.query(Contest).one().published_at = None
    assert client.get(PUBLIC).status_code == 404


# ── Focal points ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_focal_point_sees_their_unit_and_below_and_no_other(client):
    running()
    with db.begin() as session:
        firm = session.query(Unit).filter_by(name="Công ty May 10").one()
        make.unit(session, session.query(Contest).one(), "Tổ may số 2", firm, level="Tổ")
        other = session.query(Unit).filter_by(name="Ấp văn hóa số 3").one().id
    text = read(signed_in(client, "ada"), FOCAL)
    assert "Công ty May 10 200 12 12 6" in text and "40 người 30 %" in text and "Tổ may số 2" in text
    assert "Ấp văn hóa" not in text and client.get(f"{FOCAL}?don-vi={other}").status_code == 404
    assert client.get(f"{FOCAL}?don-vi=abc").status_code == 404


def test_who_lags_behind_stands_first_as_of_midnight(client):
    running()
    text = read(signed_in(client, "hana"), FOCAL)
    first, second = text.index("Ấp văn hóa số 3 30 lượt 0 %"), text.index("Công ty May 10 40 người 30 %")
    assert first < second and "Chậm, còn thiếu" in text and "mỗi ngày cập nhật một lần" in text
    with db.read() as session:
        firm = session.query(Unit).filter_by(name="Công ty May 10").one().id
    assert "Ấp văn hóa" not in read(client, f"{FOCAL}?don-vi={firm}")


def test_a_predicted_quantity_is_kept_back_from_focal_points_too(client):
    running(Prediction(target="P_PEOPLE", public_step=0))
    html = page(signed_in(client, "ada"), FOCAL)
    text = plain(html)
    assert "Công ty May 10 200 ẩn 12 – 40 người –" in text and "Chưa có đơn vị nào có chỉ tiêu xem được" in text
    rows = dict(sheets(client.get(f"{FOCAL}.xlsx").data))["Chỉ tiêu"]
    assert rows[1][:4] == ["Công ty May 10", 200, "ẩn", 12]
    assert "12 người" not in words(client.get(f"{FOCAL}.pdf").data)


def test_a_focal_point_proposes_the_headcount_of_their_own_unit_only(client):
    with db.begin() as session:
        contest = session.query(Contest).one()
        for row in contest.rounds:
            row.opens_at = clock.now() + timedelta(days=3)
        firm = session.query(Unit).filter_by(name="Công ty May 10").one().id
        other = session.query(Unit).filter_by(name="Ấp văn hóa số 3").one().id
    signed_in(client, "ada")
    answer = send(client, FOCAL, f"{FOCAL}/{firm}/tong-so", people="1.250")
    assert answer.status_code == 302
    assert "Đang chờ duyệt: 1.250." in read(client, f"{FOCAL}?don-vi={firm}")
    wrong = send(client, FOCAL, f"{FOCAL}/{firm}/tong-so", people="nhiều")
    assert wrong.status_code == 422 and "số nguyên" in wrong.text and 'value="nhiều"' in wrong.text
    assert send(client, FOCAL, f"{FOCAL}/{other}/tong-so", people="1").status_code == 404


def test_once_the_contest_has_opened_the_headcount_is_locked(client):
    with db.read() as session:
        firm = session.query(Unit).filter_by(name="Công ty May 10").one().id
    signed_in(client, "ada")
    assert "Số này đã khóa." in read(client, FOCAL)
    assert send(client, FOCAL, f"{FOCAL}/{firm}/tong-so", people="1").status_code == 409


def test_a_focal_point_without_a_unit_and_one_with_two(client):
    with db.begin() as session:
        role = session.query(ContestRole).filter_by(role="focal").one()
        role.unit_id = None
    assert "chưa được phân công đơn vị nào" in read(signed_in(client, "ada"), FOCAL)
    with db.begin() as session:
        contest = session.query(Contest).one()
        who = session.query(make.models.Person).filter_by(name="Ada").one()
        for unit in session.query(Unit).filter_by(tree="unit"):
            give(session, contest, who, "focal", unit.id)
    html = page(client, FOCAL)
    assert html.count('aria-current="true"') == 1 and "Công ty May 10" in html and "Ấp văn hóa số 3" in html


# ── Papers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_names_every_paper_with_its_files_or_why_not_yet(client):
    html = page(signed_in(client, "hana"), PAPERS)
    for name in ROW_PAPERS:
        assert f'href="{PAPERS}/tuan-1/{name}.pdf"' in html and f'href="{PAPERS}/tuan-1/{name}.xlsx"' in html
        assert f'href="{PAPERS}/tuan-2/{name}.pdf"' not in html
    text = plain(html)
    assert "Chưa có bảng kết quả." in text and "Đáp án chỉ có sau khi vòng thi đã đóng" in text
    assert "Giấy chứng nhận đạt giải có sau khi kết quả thành chính thức." in text
    assert f'href="{PAPERS}/the-le.pdf?lang=en"' in html


def test_every_paper_comes_as_a_print_and_as_a_workbook(client):
    signed_in(client, "hana")
    for path in (*(f"tuan-1/{name}" for name in ROW_PAPERS), "ke-hoach", "khieu-nai", "the-le"):
        printed = client.get(f"{PAPERS}/{path}.pdf")
        assert (printed.status_code, printed.mimetype) == (200, "application/pdf"), path
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words(printed.data)
        book = client.get(f"{PAPERS}/{path}.xlsx")
        assert book.status_code == 200 and len(sheets(book.data)) >= 1
        assert book.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("tuan-2/quyet-dinh.pdf", 409),
        ("tuan-2/dap-an.pdf", 409),
        ("tuan-1/gi-do.pdf", 404),
        ("tuan-9/so-lieu.pdf", 404),
        ("gi-do.pdf", 404),
        ("ke-hoach.docx", 404),
    ],
)
def test_papers_that_are_not_there_are_refused(client, path, status):
    assert signed_in(client, "hana").get(f"{PAPERS}/{path}").status_code == status


def test_the_rulebook_is_for_everybody_in_both_languages(client):
    text = words(client.get("/cuoc-thi/tim-hieu-luat/the-le.pdf").data)
    assert "THỂ LỆ Cuộc thi “Tìm hiểu Luật Bảo hiểm xã hội 2024”" in text and "Bản số 1" in text
    assert "RULEBOOK The 2024 Social Insurance Law" in words(
        client.get("/cuoc-thi/tim-hieu-luat/the-le.pdf?lang=en").data
    )


def test_before_it_is_published_the_rulebook_is_a_draft_for_the_secretariat(client):
    with db.begin() as session:
        session.query(Contest).one().published_at = None
    assert client.get("/cuoc-thi/tim-hieu-luat/the-le.pdf").status_code == 404
    signed_in(client, "hana")
    assert "DỰ THẢO" in words(client.get(f"{PAPERS}/the-le.pdf").data)
    assert "Có sau khi công bố thể lệ." in read(client, PAPERS)


def test_the_decision_of_an_announced_round_is_for_everybody(client):
    path = "/cuoc-thi/tim-hieu-luat/ket-qua/{}/quyet-dinh.pdf"
    text = words(client.get(path.format("tuan-1")).data)
    assert "Nguyễn Thị Ada" in text and "Trần Văn Bốp" not in text
    assert client.get(path.format("tuan-2")).status_code == 404


# ── All together ────────────────────────────────────────────────────────────────────────────────────────────────


def everything(client):
    """Every page and file of this part that the secretariat can have, as text."""
    for path in (DASHBOARD, f"{DASHBOARD}?vong=tuan-1", f"{DASHBOARD}/cau-hoi", FOCAL, PAPERS, PUBLIC):
        yield path, page(client, path)
    files = [f"{PAPERS}/tuan-1/{name}" for name in ROW_PAPERS]
    files += [f"{PAPERS}/ke-hoach", f"{PAPERS}/khieu-nai", f"{DASHBOARD}", FOCAL]
    for path in files:
        yield f"{path}.pdf", words(client.get(f"{path}.pdf").data)
        yield f"{path}.xlsx", str(sheets(client.get(f"{path}.xlsx").data))


def test_nothing_by_which_a_person_could_be_found_is_in_any_page_or_file(client):
    running()
    signed_in(client, "hana")
    for path, text in everything(client):
        assert not [secret for secret in (*reported.SECRETS, "Trần Văn Bốp", "Lê Thị Chi") if secret in text], path


def test_every_page_and_paper_says_the_same_of_one_result(client):
    signed_in(client, "hana")
    with db.read() as session:
        digest = session.query(Snapshot).one().digest
    said = "57 người dự thi với 130 lượt thi"
    assert said in read(client, PUBLIC) and said in read(client, f"{DASHBOARD}?vong=tuan-1")
    for name in ("quyet-dinh", "so-lieu"):
        text = words(client.get(f"{PAPERS}/tuan-1/{name}.pdf").data)
        assert said in text and digest in text.replace(" ", "")
    rows = dict(sheets(client.get(f"{PAPERS}/tuan-1/don-vi.xlsx").data))["Báo cáo đơn vị"]
    assert rows[-1][2:4] == [57, 130] and sum(row[2] for row in rows[1:-1]) == 57
