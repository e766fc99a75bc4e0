import re
from datetime import timedelta

import msgspec
import pytest

from quizapp import clock, db, models
from quizapp.rules import contest as rulebook
from quizapp.services import contests, open_boards, quizzes, round_marks, round_papers, sittings, visits
from quizapp.services.sittings import Device
from quizapp.web.contest_view import exact, points
from tests import make
from tests.make import PASSWORD, PHONES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SLUG = "tim-hieu-luat"
CONTEST = f"/cuoc-thi/{SLUG}"
ROUND = f"{CONTEST}/vong/tuan-1"


@pytest.fixture(autouse=True)
def bank(app):
    app.config["WTF_CSRF_ENABLED"] = False
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 41)))


def hold(opens=-HOUR, closes=DAY, slug=SLUG, paper=True, more=(), **changes):
    """A contest whose first round opens and closes so far from now; ada is registered in it."""
    now = clock.now()
    rules = make.round_rules(**{"opens_at": now + opens, "closes_at": now + closes, "max_attempts": 2, **changes})
    with db.begin() as session:
        ada = session.query(models.Person).filter_by(name="Ada").one_or_none() or make.person(session)
        contest = make.contest(session, (rules, *more), slug)
        row = contest.rounds[0]
        if paper:
            round_papers.commit(session, make.VAULT, contest, row, now=now)
        make.contestant(session, contest, who=ada, name="Lê Thị Ada")
    return row


def change(**values):
    with db.begin() as session:
        row = session.query(models.Round).first()
        for name, value in values.items():
            setattr(row, name, value)


def signed_in(app, who="ada"):
    client = app.test_client()
    if who != "ada":
        with db.begin() as session:
            make.person(session, who)
    client.post("/dang-nhap", data={"login": PHONES[who], "password": PASSWORD})
    return client


@pytest.fixture
def ada(app):
    """Ada's browser, in an open contest."""
    hold()
    return signed_in(app)


def begin(client, path=ROUND):
    led = client.post(f"{path}/bat-dau", data={"ok": "y"})
    assert led.status_code == 302, led.text
    return re.fullmatch(r"/thi/([0-9a-f]{32})", led.location)[1]


def attempt(id):
    with db.read() as session:
        return session.get(models.Attempt, id)


def answer(client, id, n, o=1):
    return client.post(f"/thi/{id}/cau/{n}", data={"o": o})


def hand_in(client, id):
    return client.post(f"/thi/{id}/nop-bai", follow_redirects=True).text


def sit(client, right=10):
    id = begin(client)
    for n in range(1, 11):
        answer(client, id, n, 1 if n <= right else 0)
    return id, hand_in(client, id)


# ── The list and the first page ──


def test_without_contests_practice_is_offered(client):
    assert "Chưa có cuộc thi nào đang mở. Luyện tập trước nhé?" in client.get("/cuoc-thi").text
    assert "Chưa có cuộc thi nào đang mở. Luyện tập trước nhé?" in client.get("/").text


def test_contests_stand_by_what_their_rounds_do_now(client):
    hold()
    hold(opens=HOUR, slug="sap-mo", paper=False)
    hold(opens=-2 * DAY, closes=-DAY, slug="da-qua", paper=False)
    with db.begin() as session:
        make.contest(session, slug="ban-nhap", published=False)
    page = client.get("/cuoc-thi").text
    order = [page.index(part) for part in ("dang-mo", f"/{SLUG}", "sap-mo", "/sap-mo", "da-qua", "/da-qua")]
    assert order == sorted(order) and "ban-nhap" not in page


def test_the_first_page_leads_to_what_is_open_and_what_is_unfinished(app, ada):
    assert f'href="{CONTEST}"' in app.test_client().get("/").text
    id = begin(ada)
    page = ada.get("/").text
    assert "Làm tiếp câu 1/10" in page and f"/thi/{id}" in page and "Tuần 1 – Tìm hiểu Luật" in page
    assert f"/thi/{id}" in ada.get("/toi").text


# ── One contest, by its state ──


def test_a_draft_looks_as_if_it_did_not_exist(client):
    with db.begin() as session:
        make.contest(session, slug="ban-nhap", published=False)
    for path in ("/cuoc-thi/ban-nhap", "/cuoc-thi/ban-nhap/vong/tuan-1", "/cuoc-thi/khong-co"):
        assert client.get(path).status_code == 404


def test_a_contest_to_come_shows_its_rules_a_countdown_and_the_registration(client):
    row = hold(opens=HOUR, paper=False)
    page = client.get(CONTEST).text
    assert f'data-until="{int(row.opens_at.timestamp() * 1000)}"' in page and "Sắp diễn ra" in page
    assert f'href="{CONTEST}/dang-ky"' in page and "Thể lệ tóm tắt" in page and "10 câu hỏi, 10 phút" in page
    assert "Kết quả</a>" not in page and "Khiếu nại</a>" not in page


def test_an_open_contest_lets_in_who_registered(client, ada):
    assert f'href="{CONTEST}/dang-ky"' in client.get(CONTEST).text
    page = ada.get(CONTEST).text
    assert "Vào thi Tuần 1" in page and f'href="{ROUND}"' in page and f"{CONTEST}/dang-ky" not in page


def test_an_open_attempt_comes_before_everything_else(ada):
    id = begin(ada)
    page = ada.get(CONTEST).text
    assert "Làm tiếp lượt đang thi" in page and f"/thi/{id}" in page and "Vào thi Tuần 1" not in page


@pytest.mark.parametrize("state", ["PUBLISHED", "CLOSED", "REVIEW"])
def test_a_closed_contest_says_that_results_are_counted(client, state):
    hold(opens=-DAY, closes=-HOUR, paper=False)
    change(state=state)
    page = client.get(CONTEST).text
    assert "Ban Tổ chức đang tổng hợp kết quả Tuần 1." in page and "dang-ky" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("PROVISIONAL", "Đã có kết quả dự kiến"),
        ("ANNOUNCED", "Đã công bố kết quả."),
        ("COMPLAINTS", "Nhận khiếu nại đến"),
        ("FINAL", "Kết quả đã chính thức."),
        ("AWARDED", "Đã trao giải."),
    ],
)
def test_after_the_counting_the_page_says_how_far_it_is(client, state, words):
    hold(opens=-DAY, closes=-HOUR, paper=False)
    change(state=state, complaints_until=clock.now() + DAY)
    assert words in client.get(CONTEST).text and words in client.get(ROUND).text


def test_complaints_without_a_stated_end_and_lists_over_rounds(client):
    hold(opens=-DAY, closes=-HOUR, paper=False)
    change(state="COMPLAINTS")
    assert "đang nhận khiếu nại" in client.get(CONTEST).text
    with db.begin() as session:
        contest = make.contest(session, 1, "nhieu-vong", overall=(rulebook.Overall(),))
        assert contest.rounds[1].overall
    assert "Danh sách tính trên nhiều vòng thi." in client.get("/cuoc-thi/nhieu-vong").text
    assert "Toàn cuộc thi" in client.get("/cuoc-thi/nhieu-vong/vong/chung").text


def test_links_lead_only_to_pages_that_are_there(app, ada):
    hold(opens=-DAY, closes=-HOUR, slug="da-xong", paper=False)
    with db.begin() as session:
        session.query(models.Contest).filter_by(slug="da-xong").one().rounds[0].state = "ANNOUNCED"
    client = app.test_client()
    for place in set(re.findall(r'href="(/cuoc-thi/[^"#?]*)"', ada.get("/cuoc-thi/da-xong").text)):
        assert client.get(place).status_code in (200, 302), place


# ── A round ──


def test_a_round_says_when_it_closes_in_its_own_words_and_to_the_second(client):
    row = hold(closes_phrase="đến hết ngày mai")
    page = client.get(ROUND).text
    with client.application.test_request_context():
        assert f"đến hết ngày mai (đóng lúc {exact(row.closes_at)})" in page


def test_somebody_who_did_not_register_is_led_to_do_so(app, client):
    hold()
    assert "Cần đăng ký trước khi thi." in client.get(ROUND).text
    mallory = signed_in(app, "mallory")
    assert f"{CONTEST}/dang-ky" in mallory.get(ROUND).text


def test_mallory_is_turned_away(app, client, ada):
    id = begin(ada)
    mallory = signed_in(app, "mallory")
    for path in ("/bat-dau", "/du-doan"):
        assert mallory.post(ROUND + path, data={"ok": "y", "so": "1"}).status_code == 404
        assert client.post(ROUND + path, data={"ok": "y", "so": "1"}).status_code == 401
    assert mallory.get(f"{CONTEST}/cua-toi").status_code == 404
    assert client.get(f"{CONTEST}/cua-toi").location.startswith("/dang-nhap")
    for tail in ("", "/xem-lai", "/ket-qua", "/du-doan"):
        assert mallory.get(f"/thi/{id}{tail}").status_code == 404
        assert client.get(f"/thi/{id}{tail}").status_code == 404
    for tail in ("/du-doan", "/nop-bai", "/cau/1", "/luyen-lai"):
        assert mallory.post(f"/thi/{id}{tail}", data={"so": "1", "o": "1"}).status_code == 404


def test_nothing_starts_before_the_rules_are_accepted(ada):
    answer = ada.post(f"{ROUND}/bat-dau", data={})
    assert answer.status_code == 422 and "Vui lòng đánh dấu ô đã đọc thể lệ." in answer.text
    with db.read() as session:
        assert session.query(models.Attempt).count() == 0


def test_attempts_left_are_said_and_the_last_one_used_up(ada):
    assert "Còn 2 lượt thi." in ada.get(ROUND).text
    sit(ada, 9)
    page = ada.get(ROUND).text
    assert "Còn 1 lượt thi." in page and "Lượt được tính lúc này: lượt 1, 9/10 điểm." in page
    sit(ada, 4)
    page = ada.get(ROUND).text
    assert "Đã dùng hết 2 lượt thi. Điểm được tính: 9/10." in page and "Bắt đầu thi" not in page
    refused = ada.post(f"{ROUND}/bat-dau", data={"ok": "y"})
    assert refused.status_code == 409 and "hết số lượt" in refused.text and f'href="{ROUND}"' in refused.text


def test_an_open_attempt_is_gone_on_with(ada):
    id = begin(ada)
    assert "Đang có một lượt thi chưa nộp." in ada.get(ROUND).text
    assert begin(ada) == id


def test_a_second_device_takes_the_attempt_over_by_starting_too(app, ada):
    id = begin(ada)
    tablet = signed_in(app)
    assert begin(tablet) == id
    assert tablet.get(f"/thi/{id}").status_code == 200
    assert ada.get(f"/thi/{id}").status_code == 409


def test_somebody_is_warned_when_less_than_the_full_time_remains(app):
    hold(closes=timedelta(minutes=4))
    assert "ít hơn thời gian đầy đủ" in signed_in(app).get(ROUND).text


def test_the_pause_between_attempts_is_said(app):
    hold(cooldown=3600)
    client = signed_in(app)
    sit(client)
    assert "Lượt tiếp theo bắt đầu được từ" in client.get(ROUND).text
    assert "Nghỉ ít nhất 60 phút giữa hai lượt." in client.get(ROUND).text


def test_an_attempt_of_another_round_must_be_handed_in_first(app):
    now = clock.now()
    other = make.round_rules("ca-thang", opens_at=now - HOUR, closes_at=now + DAY)
    hold(more=(other,))
    client = signed_in(app)
    id = begin(client)
    page = client.get(f"{CONTEST}/vong/ca-thang").text
    assert "chưa nộp ở vòng khác" in page and f"/thi/{id}" in page


def test_who_may_not_sit_reads_why(app):
    hold()
    with db.begin() as session:
        session.query(models.Contestant).one().barred_rounds = {"tuan-1": "thi hộ"}
    page = signed_in(app).get(ROUND).text
    assert "dừng tư cách dự thi ở vòng này" in page and "Bắt đầu thi" not in page


def test_a_round_to_come_cannot_be_started(app):
    hold(opens=HOUR)
    client = signed_in(app)
    assert "Bắt đầu thi" not in client.get(ROUND).text
    assert client.post(f"{ROUND}/bat-dau", data={"ok": "y"}).status_code == 409


def test_unlimited_attempts(app):
    hold(max_attempts=None)
    client = signed_in(app)
    sit(client)
    assert "Đã thi 1 lượt. Không giới hạn số lượt." in client.get(ROUND).text


# ── Sitting ──


def test_a_contests_question_has_a_clock_and_tells_nothing_about_right_and_wrong(ada):
    id = begin(ada)
    page = ada.get(f"/thi/{id}").text
    assert "data-countdown" in page and "Câu" in page and "Tuần 1 – Tìm hiểu Luật" in page
    assert f'href="{ROUND}"' in page
    assert answer(ada, id, 1).location.endswith("cau=2")
    page = ada.get(f"/thi/{id}?cau=1").text
    for secret in ("Đúng rồi", "Chưa đúng", "Đáp án đúng", "sheet-title", "Vì Luật quy định", '"key"', "data-settled"):
        assert secret not in page, secret


def test_answers_as_messages_are_kept_and_the_last_one_counts(ada):
    id = begin(ada)
    for m, chosen in (("a" * 32, [0]), ("b" * 32, [2])):
        message = {"m": m, "q": attempt(id).paper[0]["q"], "o": chosen}
        assert ada.post(f"/thi/{id}/dap-an", json=message).json == {"verdict": "kept"}
    hand_in(ada, id)
    assert attempt(id).last_answers[0] == [2]


def test_the_last_question_leads_over_the_prediction_to_the_review(ada):
    id = begin(ada)
    assert answer(ada, id, 10).location == f"/thi/{id}/du-doan"
    ada.post(f"/thi/{id}/du-doan", data={"so": "12", "luu": "12"})
    assert answer(ada, id, 10, 2).location == f"/thi/{id}/xem-lai"
    page = ada.get(f"/thi/{id}/xem-lai").text
    assert "Còn 9 câu chưa trả lời" in page and "mười hai" in page


def test_without_a_prediction_the_last_question_leads_to_the_review(app):
    hold(prediction=None)
    client = signed_in(app)
    id = begin(client)
    assert answer(client, id, 10).location == f"/thi/{id}/xem-lai"
    assert client.get(f"/thi/{id}/du-doan").status_code == client.post(f"/thi/{id}/du-doan").status_code == 404
    assert "Câu dự đoán" not in client.get(f"/thi/{id}/xem-lai").text
    assert client.post(f"{ROUND}/du-doan", data={"so": "1"}).status_code == 404


def test_final_answers_are_fixed_once_given(app):
    hold(change_answers=False)
    client = signed_in(app)
    id = begin(client)
    assert "Chốt đáp án" in client.get(f"/thi/{id}?cau=1").text
    answer(client, id, 1, 2)
    page = client.get(f"/thi/{id}?cau=1").text
    assert "data-final" in page and "disabled" in page.partition("<fieldset")[2].partition(">")[0]
    answer(client, id, 1, 1)
    hand_in(client, id)
    assert attempt(id).last_answers[0] == [2]


def test_practice_has_no_prediction(client):
    led = client.post("/hoc/huu-tri", data={"questions": 5, "mode": "exam", "seconds": 45})
    id = re.match(r"/thi/(\w+)", led.location)[1]
    assert client.get(f"/thi/{id}/du-doan").status_code == 404


# ── Predicting ──


@pytest.mark.parametrize("beside", [False, True])
def test_a_prediction_is_shown_in_words_before_it_is_saved(ada, beside):
    place = f"{ROUND}/du-doan" if beside else f"/thi/{begin(ada)}/du-doan"
    shown = ada.post(place, data={"so": "4.312"}).text
    assert "bốn nghìn ba trăm mười hai" in shown and "Lưu số này" in shown
    with db.read() as session:
        assert session.query(models.Saying).count() == 0
    changed = ada.post(place, data={"so": "4313", "luu": "4312"})
    assert changed.status_code == 200 and "mười ba" in changed.text
    assert ada.post(place, data={"so": "4313", "luu": "4313"}).status_code == 302
    with db.read() as session:
        assert session.query(models.Participation).one().prediction == 4313
    assert "4.313" in ada.get(ROUND).text


@pytest.mark.parametrize("beside", [False, True])
def test_a_refused_number_is_said_and_leaves_the_earlier_one(ada, beside):
    place = f"{ROUND}/du-doan" if beside else f"/thi/{begin(ada)}/du-doan"
    ada.post(place, data={"so": "7", "luu": "7"})
    refused = ada.post(place, data={"so": "4,5"})
    assert (
        refused.status_code == 422 and "Vui lòng nhập một số nguyên" in refused.text and 'value="4,5"' in refused.text
    )
    with db.read() as session:
        assert session.query(models.Participation).one().prediction == 7


def test_an_empty_field_clears_the_number(ada):
    ada.post(f"{ROUND}/du-doan", data={"so": "7", "luu": "7"})
    assert "Đã xóa số dự đoán." in ada.post(f"{ROUND}/du-doan", data={"so": ""}, follow_redirects=True).text
    with db.read() as session:
        assert session.query(models.Participation).one().prediction is None


def test_a_percentage_is_asked_for_with_its_decimals(app):
    hold(prediction=rulebook.Prediction(target="P_PERCENT", decimals=3))
    client = signed_in(app)
    page = client.post(f"{ROUND}/du-doan", data={"so": "34,5"}).text
    assert "tối đa 3 chữ số sau dấu phẩy" in page and "34,500 %" in page and 'value="34500"' in page
    client.post(f"{ROUND}/du-doan", data={"so": "34,5", "luu": "34500"})
    assert 'value="34,500"' in client.get(ROUND).text


def test_only_the_scope_over_the_whole_round_asks_on_its_page(app):
    hold(prediction=rulebook.Prediction(prediction_scope="PER_ROUND_FIRST"))
    client = signed_in(app)
    assert 'name="so"' not in client.get(ROUND).text
    first = begin(client)
    client.post(f"/thi/{first}/du-doan", data={"so": "7", "luu": "7"})
    hand_in(client, first)
    second = begin(client)
    assert client.get(f"/thi/{second}/du-doan").status_code == 404
    assert "Số dự đoán đã chốt ở lượt thi đầu tiên." in client.get(f"/thi/{second}/xem-lai").text
    assert answer(client, second, 10).location == f"/thi/{second}/xem-lai"


def test_a_handed_in_attempt_has_its_prediction_behind_it(ada):
    id = begin(ada)
    hand_in(ada, id)
    assert ada.get(f"/thi/{id}/du-doan").location == f"/thi/{id}/ket-qua"


# ── Results ──


def test_the_score_is_shown_and_no_key(ada):
    _, page = sit(ada, 9)
    assert '<p class="big">9<small>/10' in page and "Đúng 9/10 câu" in page and "Lượt được tính lúc này" in page
    for secret in ("Đáp án đúng", "Vì Luật quy định", "Chưa đúng", "Luyện lại"):
        assert secret not in page
    assert "hiện ở đây sau khi Ban Tổ chức công bố" in page


def test_where_nothing_is_shown_the_result_waits_for_the_provisional_list(app):
    row = hold(show_after="NOTHING")
    client = signed_in(app)
    id, page = sit(client, 9)
    assert "Đã nhận bài với 10 câu trả lời." in page and "9<small>" not in page
    mine = client.get(f"{CONTEST}/cua-toi").text
    assert "Chưa hiện điểm" in mine and "9/10" not in mine
    assert "9/10" not in client.get(ROUND).text and "9/10" not in client.get(CONTEST).text
    with db.begin() as session:
        later = row.closes_at + HOUR
        assert sittings.end_rounds(session, now=later)
    change(state="REVIEW")
    assert "9<small>" not in client.get(f"/thi/{id}/ket-qua").text
    change(state="PROVISIONAL")
    assert "9<small>/10" in client.get(f"/thi/{id}/ket-qua").text


def test_after_the_announcement_the_paper_has_its_keys_and_the_law(ada):
    id, _ = sit(ada, 9)
    change(state="ANNOUNCED", cut_at=clock.now())
    page = ada.get(f"/thi/{id}/ket-qua").text
    assert page.count("Đáp án đúng:") == 10 and page.count("Vì Luật quy định như vậy.") == 10
    assert page.count("Đúng rồi") == 9 and page.count("Chưa đúng") == 1 and "/luat/dieu-64" in page


def test_a_rulebook_may_keep_the_keys_back(app):
    hold(full_after_close=False)
    client = signed_in(app)
    id, page = sit(client)
    change(state="FINAL", cut_at=clock.now())
    assert "Đáp án đúng" not in client.get(f"/thi/{id}/ket-qua").text and "công bố kết quả" not in page


def test_a_key_that_a_later_round_asks_again_waits_for_it(app):
    now = clock.now()
    later = make.round_rules("tuan-2", opens_at=now + DAY, closes_at=now + 2 * DAY)
    hold(more=(later,))
    client = signed_in(app)
    id, _ = sit(client, 10)
    with db.begin() as session:
        contest = session.query(models.Contest).one()
        first, second = contest.rounds
        round_papers.commit(session, make.VAULT, contest, second, now=now)
        first.state, first.cut_at = "ANNOUNCED", now
        shared = {row.question_id for row in session.query(models.RoundQuestion).filter_by(round_id=second.id)}
        hidden = sum(place["q"] in shared for place in session.get(models.Attempt, id).paper)
    page = client.get(f"/thi/{id}/ket-qua").text
    assert hidden and page.count("Đáp án đúng:") == 10 - hidden
    assert page.count("đáp án công bố sau khi vòng đó đóng") == hidden


@pytest.mark.parametrize(
    ("void", "words"),
    [
        ("GIVE_ALL", "mọi người nhận câu này đều được điểm"),
        ("REMOVE", "Đã hủy, không tính"),
        ("ACCEPT_ALSO", "nhận thêm một đáp án khác"),
    ],
)
def test_a_voided_question_says_so(ada, void, words):
    id, _ = sit(ada, 9)
    with db.begin() as session:
        last = session.get(models.Attempt, id).paper[9]["q"]
        row = session.query(models.RoundQuestion).filter_by(question_id=last).one()
        row.void, row.also = void, [0]
    change(state="ANNOUNCED", cut_at=clock.now())
    assert words in ada.get(f"/thi/{id}/ket-qua").text


def test_an_attempt_declared_void_or_given_back_says_so(ada):
    id, _ = sit(ada)
    for values, words in (
        ({"invalid_reason": "thi hộ"}, "Lượt này không hợp lệ. Lý do: thi hộ"),
        ({"given_back_at": clock.now()}, "đã được trả lại do sự cố máy chủ"),
    ):
        with db.begin() as session:
            for name, value in values.items():
                setattr(session.get(models.Attempt, id), name, value)
        assert words in ada.get(f"/thi/{id}/ket-qua").text
        assert values.get("invalid_reason", "Đã trả lại") in ada.get(f"{CONTEST}/cua-toi").text


# ── One's own attempts ──


def test_ones_own_attempts_say_which_counts_and_why(ada):
    sit(ada, 4)
    page = ada.get(f"{CONTEST}/cua-toi").text
    assert "Đây là lượt duy nhất có đáp án." in page and "4/10 điểm" in page
    sit(ada, 9)
    ada.post(f"{ROUND}/du-doan", data={"so": "4300", "luu": "4300"})
    page = ada.get(f"{CONTEST}/cua-toi").text
    assert "Lượt điểm cao nhất được tính. Bằng điểm thì lấy lượt ngắn hơn, rồi lượt nộp sớm hơn." in page
    assert page.count("Được tính<") == 1 and "4.300" in page and "bốn nghìn ba trăm" in page


@pytest.mark.parametrize(("rule", "words"), [("FIRST", "lượt đầu tiên"), ("LAST", "lượt cuối cùng")])
def test_the_rulebook_may_count_the_first_or_the_last(app, rule, words):
    hold(counting_attempt=rule)
    client = signed_in(app)
    for right in (4, 9):
        sit(client, right)
    assert f"Theo thể lệ, {words} được tính." in client.get(f"{CONTEST}/cua-toi").text


def test_a_ranking_without_times_takes_the_earlier_of_equals(app):
    hold(ranking=rulebook.Ranking(keys=("score", "lot")))
    client = signed_in(app)
    for right in (4, 9):
        sit(client, right)
    assert "Bằng điểm thì lấy lượt nộp sớm hơn." in client.get(f"{CONTEST}/cua-toi").text


def test_an_open_and_an_empty_attempt_are_marked(ada):
    hand_in(ada, begin(ada))
    begin(ada)
    page = ada.get(f"{CONTEST}/cua-toi").text
    assert "Không có đáp án" in page and "Đang làm" in page and "Làm tiếp" in page


def test_without_attempts_there_is_a_way_to_the_round_or_back(app):
    hold()
    client = signed_in(app)
    assert "Chưa thi lượt nào ở vòng này." in client.get(f"{CONTEST}/cua-toi").text
    hold(opens=HOUR, slug="sap-mo", paper=False)
    assert "Chưa có lượt thi nào." in client.get("/cuoc-thi/sap-mo/cua-toi").text


def test_people_hors_concours_are_told(app):
    hold()
    with db.begin() as session:
        session.query(models.Contestant).one().status = "HORS_CONCOURS"
    assert "Tham gia không xét giải" in signed_in(app).get(f"{CONTEST}/cua-toi").text


# ── The open leaderboard ──


def fill(right=(10, 8), **changes):
    row = hold(board="TOP", **changes)
    with db.begin() as session:
        contest = contests.find(session, SLUG)
        row = contest.rounds[0]
        for n, score in enumerate(right):
            who = make.contestant(session, contest, name=f"Lê Văn {'AB'[n]}")
            if n == 0:
                make.consent(session, who)
            now = clock.now()
            taken = sittings.start(session, make.VAULT, row, who, Device(f"{n:032x}", ""), now=now).attempt
            for i, place in enumerate(taken.paper):
                quizzes.answer(session, taken, place["q"], f"{i:032x}", (1,) if i < score else (0,), now=now)
            quizzes.hand_in(session, taken, now=now)
        return who.code


def test_the_first_lines_are_shown_with_names_only_where_people_agreed(client):
    code = fill()
    page = client.get(f"{ROUND}/bang-xep-hang").text
    assert "Lê Văn A" in page and "Lê Văn B" not in page and f"Thí sinh {code[:4]}" in page
    assert "Chưa xét số dự đoán" in page and "Đây chưa phải kết quả." in page and 'data-poll="15"' in page
    assert "điểm cao hơn, làm bài ngắn hơn, nộp bài sớm hơn" in page


def test_ones_own_line_is_marked(app, monkeypatch):
    monkeypatch.setattr(open_boards, "FRESH", timedelta())
    fill()
    client = signed_in(app)
    sit(client)
    assert page_of(client).count('class="me"') == 1


def page_of(client):
    return client.get(f"{ROUND}/bang-xep-hang").text


def test_a_board_by_the_moment_shows_the_moment(client):
    fill(ranking=rulebook.Ranking(keys=rulebook.PRESETS["PREDICTION_EARLIEST"]))
    assert re.search(r'soft small">\d\d:\d\d:\d\d ngày', page_of(client))


def test_divisions_have_their_names_and_empty_ones_say_so(client):
    now = clock.now()
    divisions = (rulebook.Division(key="a", name=rulebook.Words("Bảng học sinh")),)
    rules = make.round_rules(opens_at=now - HOUR, closes_at=now + DAY, board="TOP")
    with db.begin() as session:
        contest = make.contest(session, (rules,), who=rulebook.Who(divisions=divisions))
        round_papers.commit(session, make.VAULT, contest, contest.rounds[0], now=now)
    page = page_of(client)
    assert "Bảng học sinh" in page and "Chưa có ai trên bảng này." in page


@pytest.mark.parametrize("board", ["HIDDEN", "SCORE_ONLY"])
def test_a_hidden_board_stays_hidden(client, board):
    hold(board=board)
    assert "bảng xếp hạng không hiện khi vòng thi đang mở" in page_of(client)
    assert "bang-xep-hang" not in client.get(CONTEST).text


def test_after_the_closing_there_is_no_open_board(client):
    hold(opens=-DAY, closes=-HOUR, board="TOP")
    assert "Bảng này chỉ có khi vòng thi đang mở." in page_of(client)


def test_a_live_round_has_no_such_board(client):
    hold(kind="live", live=rulebook.LivePart(), paper=False)
    assert client.get(f"{ROUND}/bang-xep-hang").status_code == 404
    assert client.get(ROUND).status_code == client.get(CONTEST).status_code == 200


def test_the_predicted_quantity_is_rounded_down_and_the_rest_is_exact(client):
    fill(prediction=rulebook.Prediction(public_step=1000))
    page = client.get(CONTEST).text
    assert "Người đúng tất cả" not in page and "được ẩn hoặc làm tròn xuống" in page
    assert page.count('<dd class="number">2</dd>') == 2  # people and attempts
    with db.begin() as session:
        for one in session.query(models.Participation):
            one.best_submitted_at = clock.now() - DAY
        contest = contests.find(session, SLUG)
        rules = contests.settings(contest)
        asked = msgspec.structs.replace(rules.rounds[0].prediction, public_step=1)
        first = msgspec.structs.replace(rules.rounds[0], prediction=asked)
        contest.settings = rulebook.to_json(msgspec.structs.replace(rules, rounds=(first,)))
    open_boards._kept.clear()
    assert "từ 1" in client.get(CONTEST).text


def test_visits_are_counted_but_not_those_of_a_page_that_follows_by_itself(app, client):
    hold(board="TOP")
    visits._waiting.clear()
    for path in (CONTEST, ROUND, f"{ROUND}/bang-xep-hang", f"{ROUND}/bang-xep-hang?theo-doi=1", "/cuoc-thi"):
        assert client.get(path).status_code == 200
    ticker(app)._keep_visits(clock.now())
    with db.read() as session:
        assert sum(kept.visits for kept in session.query(models.VisitCount)) == 3
    ticker(app)._keep_visits(clock.now())
    with db.read() as session:
        assert sum(kept.visits for kept in session.query(models.VisitCount)) == 3


def ticker(app):
    return app.extensions["live"].ticker


# ── How things are printed ──


@pytest.mark.parametrize(
    ("sixtieths", "text"), [(600, "10"), (0, "0"), (30, "0,50"), (50, "0,83"), (90_030, "1.500,50")]
)
def test_points_are_whole_or_have_two_decimals(app, sixtieths, text):
    with app.test_request_context():
        assert points(sixtieths) == text


def test_the_pages_are_there_in_english_too(ada):
    id, _ = sit(ada)
    for path in ("/cuoc-thi", CONTEST, ROUND, f"{ROUND}/bang-xep-hang", f"{CONTEST}/cua-toi", f"/thi/{id}/ket-qua"):
        page = ada.get(f"{path}?lang=en")
        assert page.status_code == 200 and 'lang="en"' in page.text, path
    assert "Week 1" in ada.get(f"{ROUND}?lang=en").text


def test_recounting_gives_what_the_pages_showed(ada):
    sit(ada, 9)
    with db.begin() as session:
        row = session.query(models.Round).one()
        before = session.query(models.Participation).one().best_attempt_id
        assert round_marks.recount(session, row, session.query(models.Contestant).one().id).best_attempt_id == before
