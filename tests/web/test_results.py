"""Results as everybody reads them: nothing before the announcement, then all of it from one stored result, with the
names of those winners only who agreed."""

import re
from datetime import timedelta

import msgspec
import pytest

from quizapp import clock, db, models
from quizapp.rules import lots
from quizapp.rules.lots import Source
from quizapp.rules.timing import microseconds
from tests import make, reported
from tests.web.test_bank import page, signed_in

HOME = "/cuoc-thi/tim-hieu-luat/ket-qua"
ROUND = f"{HOME}/tuan-1"
WHY = f"{ROUND}/vi-sao"
DURING = make.CLOSES + timedelta(days=3)
ACCOUNTS = {"ada": "ada", "bob": "bob", "chi": "hana"}  # who of the contest signs in as whom


@pytest.fixture
def app(app, monkeypatch):
    with db.begin() as session:
        make.person(session, "mallory")
        _, people = reported.contest(session)
        for name, who in ACCOUNTS.items():
            people[name].person_id = make.person(session, who).id
    at(monkeypatch, DURING)
    return app


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def change(**values):
    with db.begin() as session:
        row = session.query(models.Contest).one().rounds[0]
        for name, value in values.items():
            setattr(row, name, value)


def contestant(session, name):
    return next(one for one in session.query(models.Contestant) if one.name.endswith(name))


def code(name):
    with db.read() as session:
        return contestant(session, name).code


def text(html):
    """The page as it is read, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


def test_the_announcement_says_each_figure_under_its_own_name(client):
    html = text(page(client, ROUND))
    assert "57 người dự thi với 130 lượt thi" in html
    for said in ("Người đăng ký 80", "Người dự thi 57", "Lượt thi 130", "Người đúng tất cả 12"):
        assert said in html
    assert "Tính riêng, không xét giải: 4 người với 7 lượt thi." in html
    assert "Quyết định công nhận kết quả số 12/QĐ-BTC ngày 10/3/2026." in html
    assert "Số đúng của câu dự đoán: 12" in html
    assert " 70 " not in html  # the sum over rounds is nobody's number of people


def test_prizes_name_winners_who_agreed_and_nobody_else(client):
    html = text(page(client, ROUND))
    assert "Giải Nhất Trị giá mỗi giải: 5.000.000 đồng." in html
    assert "Nguyễn Thị Ada Công ty May 10" in html
    for hidden in ("Trần Văn Bốp", "Lê Thị Chi"):
        assert hidden not in html
    for name in ("Bốp", "Chi"):
        assert f"Thí sinh {code(name)[:4]}" in html and code(name) not in html
    assert "Giải Ba Không có người đạt giải này." in html


def test_who_withdraws_is_named_no_longer(client):
    with db.begin() as session:
        contestant(session, "Ada").withdrawn_at = DURING
    html = text(page(client, ROUND))
    assert "Ada" not in html and f"Thí sinh {code('Ada')[:4]}" in html
    assert "Ada" not in text(page(client, f"{ROUND}?tim=ada"))


def test_a_child_is_named_only_with_its_guardians_yes_too(client):
    with db.begin() as session:
        make.consent(session, contestant(session, "Ada"), "take_part", by="guardian")
    assert "Ada" not in text(page(client, ROUND))
    with db.begin() as session:
        make.consent(session, contestant(session, "Ada"), "publish", by="guardian")
    assert "Nguyễn Thị Ada" in text(page(client, ROUND))


def test_the_ranking_shows_the_values_that_decide_it(client):
    html = text(page(client, ROUND))
    for said in ("Dự đoán", "Chênh lệch", "Thời gian làm bài", "Nộp bài lúc", "4.301", "2:00,001", "2:00,003"):
        assert said in html
    assert html.index("2:00,001") < html.index("2:00,002") < html.index("2:00,003")


def test_a_search_finds_named_winners_without_accents_and_codes_but_no_name_of_others(client):
    found = text(page(client, f"{ROUND}?tim=nguyen+thi"))
    assert "Tìm thấy 1 dòng." in found and "Nguyễn Thị Ada" in found
    assert "Nguyễn Thị Ada" in text(page(client, f"{ROUND}?tim=NGUYỄN"))
    for hidden in ("Bốp", "tran+van", "Lê+Thị+Chi"):
        assert "Không tìm thấy ai." in text(page(client, f"{ROUND}?tim={hidden}"))
    letters = code("Chi")[:4]
    assert f"Thí sinh {letters}" in text(page(client, f"{ROUND}?tim={letters.lower()}"))
    assert "Không tìm thấy ai." in text(page(client, f"{ROUND}?tim={letters[:3]}"))
    assert "Không tìm thấy ai." in text(page(client, f"{ROUND}?tim=%25%25%25%25"))


def test_a_ranking_has_fifty_lines_on_a_page(client):
    with db.begin() as session:
        row = session.query(models.Contest).one().rounds[0]
        crowd = [make.contestant(session, row.contest, name=f"Người {n}") for n in range(60)]
        made = make.snapshot(session, row, [(one, 8) for one in crowd], reason="Thêm người", now=DURING)
        made.published_at = DURING
        last = crowd[-1].code
    first = page(client, ROUND)
    assert first.count('id="d-') == 50 and 'id="d-50"' in first and "Trang 1 trên 2" in first
    rest = page(client, f"{ROUND}?trang=2")
    assert rest.count('id="d-') == 10 and f"Thí sinh {last[:4]}" in rest
    assert page(client, f"{ROUND}?trang=99").count('id="d-') == 10
    assert client.get(f"{ROUND}?trang=abc").status_code == client.get(f"{ROUND}?trang=-1").status_code == 200


def test_collective_lists_come_with_headcount_people_rate_and_winners(client):
    html = text(page(client, ROUND))
    count = html[html.index("Đơn vị có nhiều người dự thi") : html.index("Đơn vị có tỷ lệ cao")]
    assert "1 Công ty May 10 Đạt giải 200 38 19,00 %" in count and "2 Ấp văn hóa số 3 60 12 20,00 %" in count
    whole = text(page(client, f"{ROUND}/tap-the/ty-le"))
    assert "1 Ấp văn hóa số 3 Đạt giải 60 12 20,00 %" in whole
    assert client.get(f"{ROUND}/tap-the/khac").status_code == 404


def test_places_with_most_people_are_told_with_people_and_attempts(client):
    assert "Nơi có nhiều người dự thi nhất: tỉnh, thành phố Nơi Người dự thi Lượt thi Ninh Bình 57 130" in text(
        page(client, ROUND)
    )


def test_the_key_is_told_with_its_legal_basis_and_decisions_on_questions(client):
    html = page(client, f"{ROUND}/dap-an")
    said = text(html)
    assert "Phương án 1 Đáp án đúng" in said and "15 năm" in said and 'href="/luat/dieu-64' in html
    assert "Phương án 3 Nhận thêm theo quyết định" in said
    assert f'href="{ROUND}/dap-an"' in page(client, ROUND)


def test_the_key_stays_where_the_rulebook_or_another_round_needs_it(client):
    with db.begin() as session:
        second = session.query(models.Contest).one().rounds[1]
        make.committed(session, second, make.question("huu-tri-001", stem=make.text("Câu dùng lại?")))
        second.paper_root = "0" * 64
    assert "Câu hỏi số 1 hỏi gì?" not in page(client, f"{ROUND}/dap-an")
    assert "Câu hỏi số 2 hỏi gì?" in page(client, f"{ROUND}/dap-an")
    with db.begin() as session:
        contest = session.query(models.Contest).one()
        kept = session.query(models.Rulebook).one()
        rounds = [{**one, "full_after_close": False} for one in contest.settings["rounds"]]
        contest.settings = kept.settings = {**contest.settings, "rounds": rounds}
    assert client.get(f"{ROUND}/dap-an").status_code == 404 and "dap-an" not in page(client, ROUND)


def test_the_overview_tells_of_each_round_how_it_stands(client):
    html = page(client, HOME)
    said = text(html)
    assert "57 người dự thi với 130 lượt thi" in said and "số 12/QĐ-BTC" in said and "Bảng kết quả số 1" in said
    with db.read() as session:
        assert session.query(models.Snapshot).one().digest in html
    assert f'href="{HOME}/tuan-2"' not in html
    assert "Toàn cuộc thi" not in said  # one round is no whole contest


def test_the_figures_of_the_contest_wait_for_every_round_they_count(client):
    with db.begin() as session:
        _, second = session.query(models.Contest).one().rounds
        second.state, second.closes_at = "CLOSED", make.CLOSES
        session.query(models.Snapshot).one().made_at = make.CLOSES + timedelta(days=2)
    assert "61 người dự thi" not in page(client, HOME) + page(client, ROUND)
    with db.begin() as session:
        session.query(models.Contest).one().rounds[1].announced_at = DURING
    assert "61 người dự thi với 150 lượt thi" in page(client, HOME)
    assert "61 người dự thi với 150 lượt thi" in page(client, ROUND)


@pytest.mark.parametrize("state", ["OPEN", "CLOSED", "REVIEW", "PROVISIONAL"])
def test_nothing_is_told_before_the_announcement(client, state):
    change(state=state, announced_at=None)
    with db.begin() as session:
        session.query(models.Snapshot).one().published_at = None
    signed_in(client, "ada")
    for path in (HOME, ROUND, WHY):
        html = text(page(client, path))
        for hidden in ("57 người", "Ada", "12/QĐ-BTC", "Công ty May 10", "2:00,001", "SHA-256", "Giải Nhất"):
            assert hidden not in html
    assert client.get(f"{ROUND}/dap-an").status_code == 404
    assert client.get(f"{ROUND}/tap-the/dong").status_code == 404
    assert "đang tổng hợp kết quả" in text(page(client, ROUND)) or state == "OPEN"


def test_a_provisional_list_is_shown_only_where_it_was_published_and_without_the_key(client):
    change(state="PROVISIONAL", announced_at=None)
    html = text(page(client, ROUND))
    assert "Đây là kết quả dự kiến" in html and "57 người dự thi" in html and "12/QĐ-BTC" not in html
    assert client.get(f"{ROUND}/dap-an").status_code == 404
    change(state="REVIEW")
    assert "57 người dự thi" not in text(page(client, ROUND))


def test_what_was_announced_stays_so_when_the_round_goes_back(client):
    change(state="PROVISIONAL")
    assert "12/QĐ-BTC" in text(page(client, ROUND)) and client.get(f"{ROUND}/dap-an").status_code == 200


def test_a_correction_shows_the_new_result_and_keeps_the_old_one_to_be_read(client):
    with db.begin() as session:
        row = session.query(models.Contest).one().rounds[0]
        bob = contestant(session, "Bốp")
        reason = f"Theo khiếu nại, gọi số {reported.PHONE}"
        made = make.snapshot(
            session, row, [(bob, 10)], [("nhat", bob)], reason=reason, now=DURING, figures={"people": 56}
        )
        hidden = make.snapshot(session, row, [(bob, 9)], now=DURING, published=False, figures={"people": 55})
        numbers = (made.n, hidden.n)
    html = text(page(client, ROUND))
    assert "56 người dự thi" in html and "57 người" not in html and "55 người" not in html
    assert "Bảng số 1, công bố lúc" in html and "Lý do: Theo khiếu nại" in html
    old = text(page(client, f"{ROUND}?ban=1"))
    assert "57 người dự thi" in old and "Đây là bảng kết quả cũ số 1" in old and "56 người" not in old
    assert numbers == (2, 3) and client.get(f"{ROUND}?ban=3").status_code == 404
    assert client.get(f"{ROUND}?ban=9").status_code == 404


def test_divisions_have_tabs_of_their_own(client):
    with db.begin() as session:
        contest = session.query(models.Contest).one()
        kept = session.query(models.Rulebook).one()
        divisions = [{"key": "a", "name": {"vi": "Bảng A"}}, {"key": "b", "name": {"vi": "Bảng B"}}]
        who = {**contest.settings["who"], "divisions": divisions}
        contest.settings = kept.settings = {**contest.settings, "who": who}
        for line in session.query(models.SnapshotLine):
            line.division = "a" if line.position < 3 else "b"
            line.body = {**line.body, "division": line.division}
    assert page(client, ROUND).count('id="d-') == 3
    html = page(client, f"{ROUND}?bang=b")
    assert html.count('id="d-') == 1 and f"Thí sinh {code('Chi')[:4]}" in html and "Giải Nhất" not in text(html)
    assert page(client, f"{ROUND}?bang=khac").count('id="d-') == 3


def test_lots_that_are_still_to_be_drawn_are_told_as_such(client):
    with db.begin() as session:
        snapshot = session.query(models.Snapshot).one()
        line = session.query(models.SnapshotLine).filter_by(position=2).one()
        line.body = {**line.body, "waits": True}
        todo = {"name": "ba", "kind": "lucky", "prize": "ba", "division": None, "codes": ["X"], "winners": 1}
        found = {"undrawn": [todo]}
        session.add(models.Tallying(round_id=snapshot.round_id, snapshot_id=snapshot.id, asked_at=DURING, found=found))
    html = text(page(client, ROUND))
    assert "Giải Ba Chờ bốc thăm" in html and html.count("Chờ bốc thăm") == 3  # its prize, and the line in both lists


def test_teams_stand_by_their_mean(client):
    with db.begin() as session:
        snapshot = session.query(models.Snapshot).one()
        team = {"rank": 1, "team": "Đoàn Gia Viễn", "present": 4, "value": 1230, "value_of": 4}
        snapshot.figures = {**snapshot.figures, "teams": [team]}
    assert "1 Đoàn Gia Viễn 4 5,13" in text(page(client, ROUND))
    with db.begin() as session:
        snapshot = session.query(models.Snapshot).one()
        snapshot.figures = {**snapshot.figures, "teams": [{**team, "won": True}, {**team, "rank": 2, "team": "Đoàn B"}]}
    html = text(page(client, ROUND))
    assert "1 Đoàn Gia Viễn Đạt giải 4 5,13 2 Đoàn B 4 5,13" in html


# ── Why somebody stands where they stand ────────────────────────────────────────────────────────────────────────


def test_why_shows_ones_own_values_and_the_key_that_decides_but_nobody_elses(client):
    signed_in(client, ACCOUNTS["bob"])
    html = text(page(client, WHY))
    assert "2 trên 3 người" in html and "Giải Nhì" in html
    assert "tiêu chí đầu tiên khác nhau: số dự đoán gần hơn theo thể lệ" in html
    values = ["Điểm", "Dự đoán", "4.302", "Chênh lệch", "Thời gian làm bài", "2:00,002", "Nộp bài lúc"]
    assert [html.index(one) for one in values] == sorted(html.index(one) for one in values)
    for other in ("Ada", "4.301", "2:00,001", code("Ada"), code("Ada")[:4]):
        assert other not in html


def test_nobody_stands_above_the_first(client):
    signed_in(client, "ada")
    html = text(page(client, WHY))
    assert "Không có ai đứng trên." in html and "Giải Nhất" in html
    assert page(client, ROUND).count('class="me"') == 1


def test_ties_and_lots_are_explained(client):
    signed_in(client, ACCOUNTS["bob"])

    def line(**values):
        with db.begin() as session:
            kept = session.query(models.SnapshotLine).filter_by(position=2).one()
            kept.body = {**kept.body, **values}

    line(rank=1, decided_by="", waits=True)
    assert "đang chờ bốc thăm" in text(page(client, WHY))
    line(waits=False)
    assert "nên cùng hạng" in text(page(client, WHY))
    line(rank=2, decided_by="lot")
    assert "Thứ tự do bốc thăm" in text(page(client, WHY))
    line(below_gate=True)
    assert "Chưa đạt điều kiện xét giải" in text(page(client, WHY))


def absent(client, **changes):
    with db.begin() as session:
        for name, value in changes.items():
            setattr(contestant(session, "Chi"), name, value)
    return text(page(client, WHY))


def test_who_does_not_stand_in_the_ranking_is_told_why(client):
    with db.begin() as session:
        session.query(models.SnapshotLine).filter_by(position=3).delete()
    signed_in(client, ACCOUNTS["chi"])
    assert "Chưa thi lượt nào" in text(page(client, WHY))
    assert "Lý do: Là giám khảo" in absent(client, status="HORS_CONCOURS", status_reason="Là giám khảo")
    assert "không thuộc đối tượng" in absent(client, status="EXCLUDED")
    assert "Lý do: Thi hộ" in absent(client, status="ELIGIBLE", barred_rounds={"tuan-1": "Thi hộ"})
    assert "Lý do: Cả cuộc" in absent(client, barred_rounds={"*": "Cả cuộc"})
    absent(client, barred_rounds={})
    with db.begin() as session:
        who = contestant(session, "Chi")
        row = session.query(models.Contest).one().rounds[0]
        make.sat(session, row, who, [1, None, [15], [2, 0, 1]])
    for values, said in (
        ({}, "chưa đạt điều kiện"),
        ({"answered": 0}, "không có câu trả lời nào"),
        ({"handed_in_at": None}, "chưa được nộp"),
        ({"invalid_reason": "Dùng chung máy"}, "Lý do: Dùng chung máy"),
        ({"given_back_at": DURING}, "đã được trả lại"),
    ):
        with db.begin() as session:
            for name, value in values.items():
                setattr(session.query(models.Attempt).filter_by(mode="contest").one(), name, value)
        assert said in text(page(client, WHY))


def test_only_contestants_have_a_place_of_their_own(client):
    assert client.get(WHY).headers["Location"].startswith("/dang-nhap")
    signed_in(client, "mallory")
    assert client.get(WHY).status_code == 404
    assert "Vì sao tôi" not in page(client, ROUND)


# ── Draws ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def drawing(app):
    out = DURING - timedelta(days=1)
    sources = (
        Source(kind="beacon", named="123456", out_us=microseconds(out)),
        Source(kind="lottery-north", named="2026-03-10", out_us=microseconds(out)),
    )
    plan = lots.plan("tim-hieu-luat", "ba", ["AAAA", "BBBB", "CCCC"], winners=1, reserves=1, sources=sources, now_us=0)
    with db.begin() as session:
        row = session.query(models.Contest).one().rounds[0]
        made = models.Lots(
            round_id=row.id, prize="ba", plan={**msgspec.to_builtins(plan), "prize_key": "ba"}, planned_at=make.CLOSES
        )
        session.add(made)
        session.flush()
        return made.id, plan


def test_everybody_sees_the_plan_of_a_draw_and_then_its_result(client, drawing):
    id, plan = drawing
    address = f"/cuoc-thi/tim-hieu-luat/boc-tham/{id}"
    html = text(page(client, address))
    assert "Giải Ba" in html and plan.root in html and "xổ số miền Bắc ngày 10/3/2026" in html
    assert "AAAA" in html and "Chờ bốc thăm" in html and "Đã bốc thăm" not in html
    assert client.get(f"{address}/danh-sach.txt").get_data(as_text=True) == "AAAA\nBBBB\nCCCC\n"
    drawn = lots.hold(plan, [f"beacon:123456:{'ab' * 32}", "lottery-north:2026-03-10:12345"])
    with db.begin() as session:
        made = session.get(models.Lots, id)
        made.result = {**msgspec.to_builtins(drawn), "present": f"Bà Hoa, {reported.PHONE}"}
        made.held_at = DURING
    html = text(page(client, address))
    assert "Đã bốc thăm" in html and drawn.seed in html and "kết quả khớp" in html and "Bà Hoa" in html
    assert reported.PHONE not in html
    with db.begin() as session:
        made = session.get(models.Lots, id)
        other = next(one for one in plan.codes if one not in drawn.winners)
        made.result = {**made.result, "winners": [other]}
    assert "không ra kết quả này" in text(page(client, address))
    assert f'href="{address}"' in page(client, ROUND)
    assert client.get("/cuoc-thi/tim-hieu-luat/boc-tham/999").status_code == 404


# ── Nobody and nothing ──────────────────────────────────────────────────────────────────────────────────────────


def test_no_page_tells_a_number_that_finds_somebody(client, drawing):
    paths = [HOME, ROUND, f"{ROUND}?tim=ada", f"{ROUND}/dap-an", f"{ROUND}/tap-the/dong"]
    paths += [f"/cuoc-thi/tim-hieu-luat/boc-tham/{drawing[0]}", "/cuoc-thi/tim-hieu-luat/khieu-nai"]
    for who in (None, "mallory", "ada"):
        if who:
            signed_in(client, who)
        for path in [*paths, *([WHY] if who == "ada" else [])]:
            html = page(client, path)
            assert not [secret for secret in reported.SECRETS if secret in html]


def test_a_draft_and_an_unknown_round_look_as_if_they_did_not_exist(client):
    assert client.get(f"{HOME}/tuan-9").status_code == 404
    with db.begin() as session:
        session.query(models.Contest).one().published_at = None
    for path in (HOME, ROUND, f"{ROUND}/dap-an"):
        assert client.get(path).status_code == 404
