"""The secretariat's desk: one press after the other from closing to award, two people where two are needed, and nobody
else at the table."""

import re
from datetime import timedelta

import pytest

from quizapp import clock, db, models, tallying
from quizapp.rules import contest as rulebook
from quizapp.services import changes, contests, snapshots, stages
from tests import closed, make
from tests.web.test_bank import page, send, signed_in

HOME = "/to-chuc/cuoc-thi/tim-hieu-luat"
DESK = f"{HOME}/vong/tuan-1"
NOW = closed.REVIEWED
GET = [DESK, f"{DESK}/bang/1", f"{DESK}/so-sanh?truoc=1&sau=1", f"{DESK}/tien-do"]
GET += [
    f"{HOME}/{tail}" for tail in ("thay-doi", "khieu-nai", "khieu-nai/1", "khieu-nai/1/tep", "canh-bao", "boc-tham")
]
POST = [DESK, f"{DESK}/can-cuoc"]
POST += [
    f"{HOME}/{tail}" for tail in ("thay-doi/1", "khieu-nai/1", "canh-bao/1", "boc-tham/tuan-1", "boc-tham/tuan-1/1")
]


@pytest.fixture
def at(monkeypatch):
    """The moment that pages see; call it to go on."""
    moment = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def go(by):
        moment[0] += by
        return moment[0]

    return go


@pytest.fixture
def app(app, at, monkeypatch):
    """The closed contest with hana and kim in its secretariat; computations run at once, in this process."""
    monkeypatch.setattr(tallying, "start", lambda config, id: tallying.run(make.VAULT, id, now=clock.now))
    with db.begin() as session:
        closed.contest(session, state="CLOSED")
        make.person(session, "mallory")
    return app


@pytest.fixture
def hana(app):
    return signed_in(app.test_client(), "hana")


@pytest.fixture
def kim(app):
    return signed_in(app.test_client(), "ada")


def do(client, what, where=DESK, **values):
    """One press at the desk; gives the page that follows."""
    answer = send(client, f"{HOME}/thay-doi", where, do=what, **values)
    assert answer.status_code == 302
    return page(client, answer.location)


def confirm(client):
    """Kim confirms whatever waits."""
    with db.read() as session:
        waiting = [one.id for one in changes.waiting(session, contests.find(session, "tim-hieu-luat"))]
    assert waiting
    return [do(client, "confirm", f"{HOME}/thay-doi/{id}") for id in waiting][-1]


def row():
    with db.read() as session:
        return session.query(models.Round).filter_by(key="tuan-1").one()


def code(letter):
    with db.read() as session:
        names = {
            name.split()[-1][0]: code for name, code in session.query(models.Contestant.name, models.Contestant.code)
        }
    return names[letter]


def to_provisional(hana):
    for what in ("press", "preview", "freeze", "snapshot", "press"):
        do(hana, what)
    assert row().state == "PROVISIONAL"


# ── Who may ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", GET)
def test_mallory_and_strangers_see_no_desk(app, path):
    assert app.test_client().get(path).location.startswith("/dang-nhap?next=")
    assert signed_in(app.test_client(), "mallory").get(path).status_code == 404


@pytest.mark.parametrize("path", POST)
def test_mallory_presses_nothing(app, path):
    mallory = signed_in(app.test_client(), "mallory")
    answer = send(mallory, "/toi", path, do="press", code="X")
    assert answer.status_code == 404
    assert row().state == "CLOSED"


@pytest.mark.parametrize("role", ["host", "judge", "panel", "committee", "focal", "technical"])
def test_other_roles_of_the_contest_are_not_let_in_either(app, role):
    mallory = signed_in(app.test_client(), "mallory")
    with db.begin() as session:
        who = session.query(models.Person).filter_by(name="Mallory").one()
        contest = contests.find(session, "tim-hieu-luat")
        session.add(models.ContestRole(contest_id=contest.id, person_id=who.id, role=role, given_at=NOW))
    assert mallory.get(DESK).status_code == 404


def test_an_unknown_press_and_an_unknown_round_are_not_found(hana):
    assert send(hana, DESK, DESK, do="explode").status_code == 404
    assert hana.get(f"{HOME}/vong/tuan-9").status_code == 404


# ── From closing to award ───────────────────────────────────────────────────────────────────────────────────────


def test_a_round_is_led_from_closing_to_award_at_the_desk(hana, kim, at):
    assert "Bắt đầu rà soát" in page(hana, DESK)
    assert "Tính thử" in do(hana, "press")
    assert "Chốt số mục tiêu: 4" in do(hana, "preview")
    assert "Lập bảng kết quả" in do(hana, "freeze")
    assert "Chuyển sang kết quả dự kiến" in do(hana, "snapshot")
    assert "Mời người đạt giải xác minh" in do(hana, "press")
    do(hana, "ask")
    for letter in "BCA":
        do(hana, "check", code=code(letter), outcome="CONFIRMED")
    at(timedelta(minutes=1))
    assert "Lưu số quyết định" in do(hana, "snapshot", reason="Đã xác minh người đạt giải")
    assert "Đề nghị công bố" in do(hana, "decide", number="15/QĐ-BTC", day="2026-03-09")
    assert "chờ người thứ hai" in do(hana, "publish", announce="1", reason="Công bố tuần 1")
    assert "Người đề nghị không tự xác nhận được" in confirm(hana)
    assert row().state == "PROVISIONAL"
    assert "Đã xác nhận và thực hiện" in confirm(kim)
    assert row().state == "ANNOUNCED" and row().announced_at is not None
    assert "Nhận khiếu nại đến" in do(hana, "press")
    assert "Chưa hết hạn khiếu nại" in page(hana, DESK)
    at(timedelta(days=10))
    assert "Chốt kết quả chính thức" in page(hana, DESK)
    do(hana, "press")
    assert "Ghi đã trao" in page(hana, DESK)
    told = do(hana, "collect", code=code("B"), how="representative", note="Lê Văn Nam, giấy ủy quyền")
    assert "Người nhận: Lê Văn Nam, giấy ủy quyền" in told
    assert "Vòng thi đã hoàn tất" in do(hana, "press")
    assert row().state == "AWARDED"


def test_the_desk_says_what_is_missing(hana):
    do(hana, "press")
    text = page(hana, DESK)
    assert "Chưa chốt số mục tiêu của câu hỏi dự đoán." in text and "Chưa lập bảng kết quả." in text
    assert "Chưa chốt số mục tiêu" in do(hana, "press") and row().state == "REVIEW"


def test_going_back_takes_two_people_and_a_reason(hana, kim):
    to_provisional(hana)
    assert "Vui lòng ghi lý do" in do(hana, "back", reason=" ")
    do(hana, "back", reason="Thiếu biên bản")
    assert row().state == "PROVISIONAL"
    confirm(kim)
    assert row().state == "REVIEW"
    log = page(hana, f"{HOME}/thay-doi")
    assert "Lùi lại một bước" in log and "Thiếu biên bản" in log and "Hana" in log and "Kim" in log


def test_a_refused_winner_passes_the_prize_down_and_the_target_stays(hana):
    to_provisional(hana)
    do(hana, "ask")
    assert "Vui lòng ghi lý do" in do(hana, "check", code=code("B"), outcome="REFUSED")
    do(hana, "check", code=code("B"), outcome="REFUSED", reason="Sống ngoài tỉnh")
    do(hana, "snapshot", reason="Người đạt giải nhất không đủ điều kiện")
    with db.read() as session:
        kept = snapshots.newest(session, row())
        first = snapshots.numbered(session, row(), 1)
    assert [one.code for one in snapshots.awards(first)] == [code("B"), code("C"), code("A")]
    assert [one.code for one in snapshots.awards(kept)] == [code("C"), code("A"), code("D")]
    assert snapshots.numbers(kept).target == snapshots.numbers(first).target == 4
    text = page(hana, f"{DESK}/so-sanh?truoc=1&sau=2")
    assert "Không còn giải" in text and "Lê Thị Bình" in text and "Vũ Tiến Dũng" in text
    assert "Người đạt giải nhất không đủ điều kiện" in text
    assert "Không còn trong danh sách giải" in page(hana, DESK)


def test_teams_and_units_with_a_prize_are_marked(hana):
    to_provisional(hana)
    with db.begin() as session:
        kept = snapshots.newest(session, row())
        team = {"rank": 1, "team": "Đoàn Gia Viễn", "present": 4, "value": 1230, "value_of": 4}
        kept = session.get_one(models.Snapshot, kept.id)
        teams = [{**team, "won": True}, {**team, "rank": 2, "team": "Đoàn Kim Sơn"}]
        kept.figures = {**kept.figures, "teams": teams, "names": {"7": "Công ty Một", "8": "Công ty Hai"}}
        line = {"people": 3, "headcount": 60, "value": 3}
        lines = [{"rank": 1, "node": "7", **line}, {"rank": 2, "node": "8", **line}]
        won = {"scope": "dong", "prize": "dong", "code": "7", "place": 1}
        kept.collective = [{"key": "dong", "lines": lines, "winners": [won]}]
    html = " ".join(page(hana, DESK).split())
    for name, wins in (("Đoàn Gia Viễn", 1), ("Đoàn Kim Sơn", 0), ("Công ty Một", 1), ("Công ty Hai", 0)):
        (cell,) = re.findall(f'<th scope="row">{name}(.*?)</th>', html)
        assert cell.count("Đạt giải") == wins


def test_a_voided_question_is_proposed_confirmed_and_marked_again(hana, kim):
    to_provisional(hana)
    values = {"question": "huu-tri-002", "policy": "ACCEPT_ALSO", "also": "0", "reason": "Luật đã đổi"}
    assert "chấp nhận thêm" in do(hana, "void", **{**values, "also": "1"})
    do(hana, "void", **values)
    assert "phương án thêm:</span> A. Phương án 0" in page(kim, f"{HOME}/thay-doi")
    log = confirm(kim)
    assert "lượt thi đổi điểm:</span> 1" in log and "A. Phương án 0" in log
    assert "Dữ liệu đã đổi" in page(hana, DESK)


def test_what_is_accepted_too_is_chosen_from_the_options_by_letter_and_text(hana):
    to_provisional(hana)
    assert 'name="also"' not in page(hana, DESK)
    html = page(hana, f"{DESK}?cau=huu-tri-002")
    assert 'value="huu-tri-002" selected' in html and '<details id="huy-cau" open>' in html
    inputs = re.findall(r'<input type="checkbox" name="also"[^>]*>', html)
    assert ["checked disabled" in one for one in inputs] == [False, True, False, False]
    labels = re.findall(r'for="also-\d">.*?data-read>(.*?)</span>(.*?)</span>', html)
    assert [text for text, _ in labels] == [f"Phương án {n}" for n in range(4)]
    assert ["Đáp án hiện có" in note for _, note in labels] == [False, True, False, False]


@pytest.mark.parametrize(
    ("asked", "also", "said"),
    [
        ({"kind": "number", "key": (1250,)}, ["1.300"], "1300"),
        ({"kind": "order", "key": (2, 0, 1), "options": 3}, ["0", "1", "2"], "A. Phương án 0 → B. Phương án 1 → "),
    ],
)
def test_another_number_or_order_is_accepted_too(hana, asked, also, said):
    with db.begin() as session:
        row = session.query(models.Round).filter_by(key="tuan-1").one()
        make.committed(session, row, make.question("huu-tri-077", **asked))
    to_provisional(hana)
    html = page(hana, f"{DESK}?cau=huu-tri-077")
    assert html.count(' name="also"') == len(also)
    assert ("1.250" in html) is (asked["kind"] == "number")
    do(hana, "void", question="huu-tri-077", policy="ACCEPT_ALSO", also=also, reason="Luật đã đổi")
    assert said in page(hana, f"{HOME}/thay-doi")


def test_a_correction_of_the_frozen_target_names_its_decision(hana, kim, at):
    to_provisional(hana)
    do(hana, "sanction", code=code("D"), level="contest", reason="Hai tài khoản", back="person")
    at(timedelta(minutes=1))
    confirm(kim)
    at(timedelta(minutes=1))
    assert "Tính lại được 3; số đã chốt là 4." in do(hana, "preview")
    assert "số quyết định đính chính" in do(hana, "target", reason="Một người bị hủy", correction=" ")
    do(hana, "target", reason="Một người bị hủy", correction="20/QĐ-BTC")
    confirm(kim)
    assert row().target == 3
    assert "20/QĐ-BTC" in page(hana, f"{HOME}/thay-doi")


def test_one_contestant_is_looked_at_and_sanctioned(hana, kim):
    to_provisional(hana)
    path = f"{DESK}/thi-sinh?ma={code('A')}"
    assert "Trần Văn An" in page(hana, path) and "Chưa có quyết định nào" in page(hana, path)
    assert "Nhìn bài bạn" in do(hana, "sanction", code=code("A"), level="warn", reason="Nhìn bài bạn", back="person")
    assert "Vui lòng chọn hình thức" in do(hana, "sanction", code=code("A"), level="prison", reason="X", back="person")
    with db.read() as session:
        attempt = session.query(models.Attempt).order_by("started_at").first().id
    do(hana, "attempt", attempt=attempt, reason="Thi hộ", back="person", code=code("A"))
    confirm(kim)
    text = page(hana, path)
    assert "Không hợp lệ" in text and "Thi hộ" in text and "Công nhận lại lượt thi" in text
    assert hana.get(f"{DESK}/thi-sinh?ma=KHONGCO").status_code == 404


def test_an_attempt_that_a_fault_of_the_server_broke_is_given_back_with_a_reason(hana):
    with db.begin() as session:
        who = session.query(models.Contestant).filter_by(code=code("A")).one()
        started = make.CLOSES - timedelta(hours=1)
        of = session.query(models.Round).filter_by(key="tuan-1").one()
        empty = make.sat(session, of, who, (None, None, None), started=started, seconds=30, no=2)
        wanted = empty.id
    path = f"{DESK}/thi-sinh?ma={code('A')}"
    assert "Trả lại lượt thi này" in page(hana, path) and 'value="2026-03-08T21:00:00"' in page(hana, path)
    press = {"attempt": wanted, "back": "person", "code": code("A"), "reason": "Máy chủ khởi động lại"}
    assert "Vui lòng nhập lúc máy chủ gặp sự cố" in do(hana, "give-back", fault_at="", **press)
    assert "trong vòng 60 giây" in do(hana, "give-back", fault_at="2026-03-08T20:50:00", **press)
    assert "coi như chưa có" in do(hana, "give-back", fault_at="2026-03-08T21:00:20", **press)
    text = page(hana, path)
    assert "Đã trả lại" in text and "Trả lại lượt thi này" not in text
    assert "Máy chủ khởi động lại" in page(hana, f"{HOME}/thay-doi")


def test_a_provisional_list_is_shown_by_two_people_before_the_announcement(hana, kim):
    to_provisional(hana)
    do(hana, "publish", reason="Đăng dự kiến")
    confirm(kim)
    with db.read() as session:
        assert snapshots.published(session, row()).n == 1 and not stages.is_public(row())


def test_the_number_of_a_winner_is_shown_once_logged_and_in_no_cookie(hana, app):
    to_provisional(hana)
    do(hana, "ask")
    number = "001190012345"
    with db.begin() as session:
        who = session.query(models.Contestant).filter_by(code=code("B")).one()
        who.identity_sealed = make.VAULT.seal(number, table="contestant", column="identity", row=who.code)
    assert number not in page(hana, DESK)
    answer = send(hana, DESK, f"{DESK}/can-cuoc", code=code("B"))
    assert number in answer.get_data(as_text=True) and answer.headers["Cache-Control"] == "no-store"
    assert number not in str(answer.headers)
    with db.read() as session:
        assert session.query(models.Change).filter_by(kind="view").count() == 1
    assert number not in page(hana, f"{HOME}/thay-doi")
    assert send(hana, DESK, f"{DESK}/can-cuoc", code=code("C")).status_code == 404


def test_the_ranking_of_a_snapshot_has_names_for_the_secretariat(hana):
    to_provisional(hana)
    text = page(hana, f"{DESK}/bang/1")
    assert text.index("Lê Thị Bình") < text.index("Đỗ Mai Chi") < text.index("Phạm Gia Hân")
    assert hana.get(f"{DESK}/bang/2").status_code == 404


def test_progress_is_told_while_a_computation_runs(hana, monkeypatch):
    do(hana, "press")
    assert hana.get(f"{DESK}/tien-do").get_json() == {"running": False, "progress": 100}
    started = []
    monkeypatch.setattr(tallying, "start", lambda config, id: started.append(id))
    text = do(hana, "preview")
    assert len(started) == 1 and "Máy đang tính" in text and "data-running" in text
    assert hana.get(f"{DESK}/tien-do").get_json() == {"running": True, "progress": 0}
    assert "Máy đang tính" in do(hana, "snapshot")


def test_a_failed_computation_says_why(hana):
    do(hana, "press")
    with db.begin() as session:
        session.query(models.Attempt).first().points = 1
    assert "Điểm lưu khác điểm tính lại" in do(hana, "preview")


def test_the_end_of_complaints_is_typed_where_the_rulebook_has_no_days(app, hana, at):
    with db.begin() as session:
        contest = contests.find(session, "tim-hieu-luat")
        contest.settings = {**contest.settings, "complaint_days": 0}
        row = contest.rounds[0]
        row.state, row.announced_at = "ANNOUNCED", NOW
    assert 'name="until"' in page(hana, DESK)
    assert "hạn khiếu nại" in do(hana, "press", until="hôm nay")
    assert "11:30" in do(hana, "press", until="2026-03-09T11:30")


@pytest.mark.parametrize("day", ["", "2026-13-01"])
def test_a_decision_without_a_day_is_refused(hana, day):
    to_provisional(hana)
    assert "Vui lòng nhập ngày quyết định" in do(hana, "decide", number="1", day=day)


def test_presses_without_a_choice_are_refused_kindly(hana):
    to_provisional(hana)
    do(hana, "ask")
    assert "Vui lòng chọn kết quả xác minh" in do(hana, "check", code=code("B"), outcome="MAYBE")
    assert "Vui lòng chọn cách nhận giải" in do(hana, "collect", code=code("B"), how="pigeon")


def test_a_list_over_rounds_has_a_desk_too(engine, app):
    with db.begin() as session:
        contest = contests.find(session, "tim-hieu-luat")
        settings = {**contest.settings, "overall": [{"key": "chung"}]}
        contests.keep_rounds(session, contest, rulebook.from_json(settings))
        contest.settings = settings
        contest.rounds[-1].state = "PUBLISHED"
    text = page(signed_in(app.test_client(), "hana"), f"{HOME}/vong/chung")
    assert "Danh sách này bắt đầu khi vòng cuối cùng đóng." in text
