"""What the secretariat settles for a whole contest: proposals and the log, complaints, flags, draws."""

from datetime import datetime, timedelta

import msgspec
import pytest

from quizapp import clock, db, models, tallying
from quizapp.rules import flags as signs
from quizapp.rules.timing import VIETNAM
from quizapp.rules.undrawn import Undrawn
from quizapp.services import changes, complaints, contests, flags, sanctions
from quizapp.services.complaints import Wish
from tests import closed, make
from tests.web.test_bank import page, send, signed_in

HOME = "/to-chuc/cuoc-thi/tim-hieu-luat"
CHANGES, COMPLAINTS, FLAGS, DRAWS = (f"{HOME}/{tail}" for tail in ("thay-doi", "khieu-nai", "canh-bao", "boc-tham"))
NOW = datetime(2026, 3, 16, 9, 0, tzinfo=VIETNAM)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def moment(monkeypatch):
    """What the clock says; set its first entry to go on."""
    at = [NOW]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def app(app, moment, monkeypatch):
    """The contest while complaints are taken, with three winners published."""
    monkeypatch.setattr(tallying, "start", lambda config, id: tallying.run(make.VAULT, id, now=clock.now))
    with db.begin() as session:
        _, row, known = closed.contest(session, state="COMPLAINTS")
        row.complaints_until = NOW + timedelta(days=5)
        closed.snapshot(session, row, codes=[known[letter] for letter in "BCAD"])
    return app


@pytest.fixture
def hana(app):
    return signed_in(app.test_client(), "hana")


@pytest.fixture
def kim(app):
    return signed_in(app.test_client(), "ada")


def scene(session):
    contest = contests.find(session, "tim-hieu-luat")
    people = session.query(models.Contestant).filter_by(contest_id=contest.id)
    return contest, contest.rounds[0], {one.name.split()[-1][0]: one for one in people}, *closed.staff(session)


def press(client, path, where, **values):
    answer = send(client, where, path, **values)
    assert answer.status_code == 302
    return page(client, answer.location)


# ── Proposals and the log ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def proposed(app):
    """Hana proposes to declare An invalid."""
    with db.begin() as session:
        contest, _, known, hana, _ = scene(session)
        return sanctions.propose_person(session, contest, known["A"], "contest", "Hai tài khoản", hana.id, now=NOW).id


def test_a_proposal_is_taken_back_by_whoever_made_it_and_confirmed_by_nobody_alone(hana, proposed):
    text = page(hana, CHANGES)
    assert "Tính hợp lệ trong cuộc thi" in text and "Hai tài khoản" in text
    assert "Rút lại đề nghị" in text and 'value="confirm"' not in text
    assert "không tự xác nhận được" in press(hana, f"{CHANGES}/{proposed}", CHANGES, do="confirm")
    assert "Đã rút lại" in press(hana, f"{CHANGES}/{proposed}", CHANGES, do="withdraw")


def test_the_second_person_confirms_or_turns_down(kim, proposed):
    text = page(kim, CHANGES)
    assert 'value="confirm"' in text and "Rút lại đề nghị" not in text
    assert "Đã từ chối" in press(kim, f"{CHANGES}/{proposed}", CHANGES, do="turn_down")
    assert "đã được xử lý" in press(kim, f"{CHANGES}/{proposed}", CHANGES, do="confirm")
    with db.read() as session:
        assert scene(session)[2]["A"].barred_rounds == {}


def test_the_log_of_the_site_names_what_was_proposed_and_confirmed(app, kim, proposed):
    press(kim, f"{CHANGES}/{proposed}", CHANGES, do="confirm")
    with db.begin() as session:
        make.person(session, "otto", roles=["admin"])
    text = page(signed_in(app.test_client(), "otto"), "/quan-tri/nhat-ky")
    assert "Đề nghị: Tính hợp lệ trong cuộc thi" in text and "Xác nhận: Tính hợp lệ trong cuộc thi" in text


def test_an_unknown_press_or_proposal_is_not_found(kim, proposed):
    assert send(kim, CHANGES, f"{CHANGES}/{proposed}", do="explode").status_code == 404
    assert send(kim, CHANGES, f"{CHANGES}/999", do="confirm").status_code == 404


def test_whoever_is_alone_is_told_that_a_second_person_is_needed(app, hana):
    assert "mới có một người" not in page(hana, CHANGES)
    with db.begin() as session:
        contest, _, _, _, kim = scene(session)
        session.query(models.ContestRole).filter_by(contest_id=contest.id, person_id=kim.id).delete()
    assert "mới có một người" in page(hana, CHANGES)


def test_the_log_is_paged(app, hana):
    with db.begin() as session:
        contest, row, _, hana_, _ = scene(session)
        for n in range(52):
            changes.note(
                session, contest, "step", f"round/{row.key}", {"state": "REVIEW"}, {"state": "FINAL", "void": None,
                "valid": n % 2 == 0, "sources": ["a", "b"]}, f"Bước {n:02}", hana_.id, now=NOW, round_id=row.id
            )  # fmt: skip
    text = page(hana, CHANGES)
    assert "Bước 51" in text and "Bước 01" not in text and "Chính thức" in text and "a, b" in text
    older = text.split("truoc=")[1].split('"')[0]
    assert "Bước 01" in page(hana, f"{CHANGES}?truoc={older}")


# ── Complaints ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def complaint(app):
    with db.begin() as session:
        contest, row, known, *_ = scene(session)
        wish = Wish("winner", row.key, "Người này ở <b>tỉnh khác</b>.", "0912 000 111", about=known["B"].code, file=PNG)
        complaints.make(session, make.VAULT, contest, known["D"], wish, now=NOW)


def test_the_register_shows_what_must_be_answered_and_when(hana, complaint, moment):
    assert "Chưa có khiếu nại" not in page(hana, COMPLAINTS)
    assert "Trả lời trước" in page(hana, COMPLAINTS) and "Vũ Tiến Dũng" in page(hana, COMPLAINTS)
    moment[0] = NOW + timedelta(days=20)
    assert "Quá hạn từ" in page(hana, COMPLAINTS)
    assert "đã quá hạn trả lời" in page(hana, f"{COMPLAINTS}/1")


def test_a_complaint_about_a_winner_holds_the_prize_until_the_written_answer(hana, complaint):
    text = page(hana, f"{COMPLAINTS}/1")
    assert "được giữ lại" in text and "0912 000 111" in text
    assert "&lt;b&gt;tỉnh khác" in text and "<b>tỉnh khác" not in text
    assert "Giữ giải: có khiếu nại" in page(hana, f"{HOME}/vong/tuan-1")
    path = f"{COMPLAINTS}/1"
    assert "Chưa có bảng kết quả nào" in press(hana, path, path, outcome="CHANGED", answer="Đã đổi.")
    assert "Vui lòng viết nội dung" in press(hana, path, path, outcome="KEPT", answer=" ")
    told = press(hana, path, path, outcome="KEPT", answer="Đã xác minh nơi ở.")
    assert "Giữ nguyên kết quả" in told and "Đã xác minh nơi ở." in told and "Hana" in told
    assert "Giữ giải" not in page(hana, f"{HOME}/vong/tuan-1")
    assert "đã được trả lời" in press(hana, path, CHANGES, outcome="KEPT", answer="Lần nữa.")


def test_its_file_is_only_ever_saved(hana, complaint):
    answer = hana.get(f"{COMPLAINTS}/1/tep")
    assert (answer.data, answer.mimetype) == (PNG, "image/png")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="khieu-nai-1.png"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with db.begin() as session:
        session.query(models.Complaint).update({"file": None, "file_name": ""})
    assert hana.get(f"{COMPLAINTS}/1/tep").status_code == 404


def test_an_empty_register_says_when_there_can_be_complaints(hana):
    assert "Chưa có khiếu nại nào" in page(hana, COMPLAINTS)
    assert hana.get(f"{COMPLAINTS}/7").status_code == 404


# ── Flags ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def flag(app):
    with db.begin() as session:
        _, row, known, *_ = scene(session)
        attempt = session.query(models.Attempt).filter_by(contestant_id=known["D"].id).one()
        about = signs.Flag("too-fast", (known["D"].code,), (attempt.id,), {"of": 3, "seconds": 3})
        flags.keep(session, row, [about], now=NOW)
        return session.query(models.Flag).one().id, known["D"].code


def test_flags_are_looked_for_at_the_desk_and_shown_as_advice(app, hana, flag):
    text = page(hana, FLAGS)
    assert "Đúng tất cả 3 câu trong 3 giây" in text and "không đổi điểm của ai" in text and "Vũ Tiến Dũng" in text
    with db.begin() as session:
        session.query(models.Attempt).update({"device_tag": "d" * 64})
    press(hana, f"{HOME}/vong/tuan-1", FLAGS, do="flags")
    assert "cùng một thiết bị" in page(hana, FLAGS)


@pytest.mark.parametrize(
    ("do", "told", "settled"),
    [
        ("dismiss", "không có vấn đề", "dismissed"),
        ("warn", "lời nhắc nhở", "warned"),
        ("attempt", "cần xác nhận", "sanctioned"),
    ],
)
def test_people_settle_a_flag_with_a_reason(hana, flag, do, told, settled):
    id, code = flag
    assert "Vui lòng ghi lý do" in press(hana, f"{FLAGS}/{id}", FLAGS, do=do, code=code, reason=" ")
    assert told in press(hana, f"{FLAGS}/{id}", FLAGS, do=do, code=code, reason="Đã hỏi người thi")
    with db.read() as session:
        assert session.get(models.Flag, id).settled == settled
        points = {one.points for one in session.query(models.Attempt).filter_by(score=3)}
    assert points == {180}
    assert "Đã hỏi người thi" in page(hana, FLAGS)


def test_a_flag_needs_a_decision_and_somebody_it_is_about(hana, flag):
    id, code = flag
    assert "Vui lòng chọn hình thức" in press(hana, f"{FLAGS}/{id}", FLAGS, do="jail", code=code, reason="X")
    assert "ít nhất một người" in press(hana, f"{FLAGS}/{id}", FLAGS, do="warn", reason="X")
    assert send(hana, FLAGS, f"{FLAGS}/999", do="dismiss", reason="X").status_code == 404


def test_no_flags_is_said(hana):
    assert "Chưa tìm thấy dấu hiệu nào" in page(hana, FLAGS)


# ── Draws ───────────────────────────────────────────────────────────────────────────────────────────────────────

SOURCES = {
    "kind1": "beacon",
    "named1": "12345678",
    "out1": "2026-03-17T09:00",
    "kind2": "balls",
    "named2": "4",
    "out2": "2026-03-17T10:00",
}
VALUES = {"value0": "ab" * 32, "value1": "4 17 3 9"}


@pytest.fixture
def tie(app):
    """Two people are equal for the first prize."""
    with db.begin() as session:
        _, _, known, *_ = scene(session)
        waits = Undrawn(
            name="lot",
            kind="order",
            prize="nhat",
            division=None,
            codes=tuple(sorted((known["B"].code, known["C"].code))),
            winners=2,
        )
        kept = session.query(models.Snapshot).one()
        session.add(
            models.Tallying(
                round_id=kept.round_id,
                asked_at=NOW,
                ended_at=NOW,
                snapshot_id=kept.id,
                found={"undrawn": msgspec.to_builtins([waits])},
            )
        )


def test_lots_are_planned_in_public_and_drawn_by_two_people(hana, kim, tie, moment):
    text = page(hana, DRAWS)
    assert "Thứ tự của những người bằng nhau: Giải Nhất" in text
    chosen = {"name": "lot", "prize": "nhat", "division": ""}
    plan = f"{DRAWS}/tuan-1"
    assert "chưa ghi đúng" in press(hana, plan, DRAWS, **{**chosen, **SOURCES, "named1": "abc"})
    assert "Vui lòng nhập lúc nguồn" in press(hana, plan, DRAWS, **{**chosen, **SOURCES, "out1": "mai"})
    assert "hai nguồn" in press(hana, plan, DRAWS, **chosen, **{name: SOURCES[name] for name in list(SOURCES)[:3]})
    text = press(hana, plan, DRAWS, **chosen, **SOURCES)
    assert "Kế hoạch bốc thăm đã được công khai" in text and "Gốc danh sách" in text
    hold = f"{DRAWS}/tuan-1/1"
    assert "Chưa đến giờ công bố" in press(hana, hold, DRAWS, **VALUES, present="Bà Lan")
    moment[0] = NOW + timedelta(days=2)
    assert "Người thứ hai cần nhập lại" in press(hana, hold, DRAWS, **VALUES, present="Bà Lan")
    assert "không tự xác nhận được" in press(hana, hold, CHANGES, **VALUES)
    with db.read() as session:
        waiting = session.query(models.Change).filter_by(kind="draw").one().id
    assert "xác nhận ở trang bốc thăm" in press(kim, f"{CHANGES}/{waiting}", CHANGES, do="confirm")
    assert "không chép của người khác" in page(kim, DRAWS)
    assert "khác nhau" in press(kim, hold, DRAWS, **{**VALUES, "value1": "4 17 3 8"})
    text = press(kim, hold, DRAWS, **VALUES)
    assert "Đã bốc thăm" in text and "beacon:12345678:abab" in text and "Bà Lan" in text


def test_a_plan_is_given_up_with_a_reason(hana, tie):
    press(hana, f"{DRAWS}/tuan-1", DRAWS, name="lot", prize="nhat", division="", **SOURCES)
    assert "Vui lòng ghi lý do" in press(hana, f"{DRAWS}/tuan-1/1", DRAWS, do="cancel", reason=" ")
    assert "Đã hủy kế hoạch" in press(hana, f"{DRAWS}/tuan-1/1", DRAWS, do="cancel", reason="Ghi nhầm số vòng")
    assert send(hana, DRAWS, f"{DRAWS}/tuan-1/9", do="cancel", reason="X").status_code == 404


def test_nothing_to_draw_is_said(hana):
    assert "Chưa có lượt bốc thăm nào" in page(hana, DRAWS)
