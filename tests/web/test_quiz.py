import re
from datetime import UTC, datetime, timedelta

import pytest

from quizapp import clock, db, models
from quizapp.rules.question import to_json
from quizapp.rules.timing import GRACE
from quizapp.services import quizzes
from quizapp.web import browser
from quizapp.web.quiz import clocked, took
from tests import make
from tests.make import PASSWORD, PHONES


@pytest.fixture(autouse=True)
def bank(app):
    app.config["WTF_CSRF_ENABLED"] = False
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n}") for n in range(5)))


def start(client, mode="practice", questions=5, **more):
    led = client.post("/hoc/huu-tri", data={"questions": questions, "mode": mode, "seconds": 45, **more})
    assert led.status_code == 302
    return re.match(r"/thi/(\w+)", led.location)[1]


def attempt(id):
    with db.read() as session:
        return session.get(models.Attempt, id)


def sign_in(client, who):
    client.post("/dang-nhap", data={"login": PHONES[who], "password": PASSWORD})


def make_late(id, by):
    """Let the deadline of an attempt have passed by so much."""
    with db.begin() as session:
        kept = session.get(models.Attempt, id)
        kept.deadline_at = clock.now() - by
        kept.started_at = kept.deadline_at - timedelta(seconds=60)


def answer(client, id, n, **data):
    return client.post(f"/thi/{id}/cau/{n}", data=data)


# ── Choosing ──


def test_every_topic_and_the_mix_are_offered(client):
    page = client.get("/hoc").text
    assert "/hoc/huu-tri" in page and "/hoc/tong-hop" in page
    assert "Hưu trí" in page


@pytest.mark.parametrize("path", ["/hoc/huu-tri", "/hoc/tong-hop", "/hoc/huu-tri/bang-xep-hang"])
def test_a_topic_has_its_pages(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/hoc/nothing", "/hoc/nothing/bang-xep-hang"])
def test_an_unknown_topic_has_none(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("data", [{"questions": "4"}, {"questions": "31"}, {"questions": "x"}, {}, {"mode": "live"}])
def test_a_choice_out_of_bounds_is_shown_again(client, data):
    page = client.post("/hoc/huu-tri", data={"mode": "practice", "seconds": "45", **data})
    assert page.status_code == 422
    assert 'role="alert"' in page.text


# ── Practice ──


def test_practice_explains_each_answer_with_a_link_into_the_law(client):
    id = start(client)
    first = client.get(f"/thi/{id}?cau=1").text
    assert "Câu 1 trên 5" in first
    assert "Vì Luật quy định như vậy." not in first
    led = answer(client, id, 1, o="0")
    assert led.location.endswith(f"/thi/{id}?cau=1#sheet-title")
    told = client.get(f"/thi/{id}?cau=1").text
    assert "Chưa đúng. Đáp án là" in told
    assert "Vì Luật quy định như vậy." in told
    assert 'href="/luat/dieu-64#khoan-1"' in told


def test_in_practice_a_second_answer_changes_nothing(client):
    id = start(client)
    answer(client, id, 1, o="1")
    answer(client, id, 1, o="0")
    assert "Đúng rồi, chúc mừng!" in client.get(f"/thi/{id}?cau=1").text


def test_practice_goes_to_the_first_question_without_answer(client):
    id = start(client)
    answer(client, id, 1, o="1")
    answer(client, id, 2, o="1")
    assert "Câu 3 trên 5" in client.get(f"/thi/{id}").text


def test_the_result_shows_score_articles_and_a_way_to_practise_the_wrong_ones(client):
    id = start(client)
    for n in range(1, 6):
        answer(client, id, n, o="1" if n < 4 else "0")
    assert client.post(f"/thi/{id}/nop-bai").location.endswith("/ket-qua")
    page = client.get(f"/thi/{id}/ket-qua").text
    assert "3<small>/5</small>" in page
    assert "/luat/dieu-64" in page
    assert "Luyện lại 2 câu sai" in page
    again = re.match(r"/thi/(\w+)", client.post(f"/thi/{id}/luyen-lai").location)[1]
    assert len(attempt(again).paper) == 2


# ── Exam ──


def test_an_exam_shows_no_key_before_it_is_handed_in(client):
    id = start(client, "exam")
    for n in range(1, 6):
        answer(client, id, n, o="1")
    pages = [client.get(f"/thi/{id}?cau={n}").text for n in range(1, 6)] + [client.get(f"/thi/{id}/xem-lai").text]
    for page in pages:
        assert "Vì Luật quy định như vậy." not in page
        assert "Đáp án đúng" not in page
        assert "/luat/dieu-64" not in page
    assert client.get(f"/thi/{id}/ket-qua").location.endswith(f"/thi/{id}")
    assert attempt(id).score is None


def seen_before_handing_in(app, key):
    """What an exam with this key sends, without ids and instants; the same seed deals the same paper."""
    visitor = "a" * 32
    with db.begin() as session:
        for row in session.query(models.QuestionVersion):
            row.content = to_json(make.question(row.question_id, key=(key,)))
        wish, player = quizzes.Wish("huu-tri", 5, "exam"), quizzes.Player(None, visitor)
        started, _ = quizzes.start(session, wish, player, now=make.MADE, seed=b"s" * 32)
        started.deadline_at = datetime(2100, 1, 1, tzinfo=UTC)
    client = app.test_client()
    with app.app_context():
        client.set_cookie(browser.COOKIE, browser._signer().sign(visitor).decode())
    sent = answer(client, started.id, 1, o="0").data.decode()
    for path in (f"/thi/{started.id}?cau=1", f"/thi/{started.id}?cau=2", f"/thi/{started.id}/xem-lai"):
        sent += client.get(path).text
    changing = r'name="(csrf_token|m)" value="[^"]*"|data-now="\d+"|data-seconds>[^<]*|content="\d+"'
    return re.sub(changing, "", sent.replace(started.id, ""))


def test_two_exams_that_differ_only_in_the_key_send_the_same_bytes(app):
    first, second = (seen_before_handing_in(app, key) for key in (0, 3))
    assert len(first) > 5000
    assert first == second


def test_in_an_exam_one_may_go_back_and_change_until_handing_in(client):
    id = start(client, "exam")
    assert answer(client, id, 1, o="0").location.endswith("?cau=2")
    assert 'value="0" checked' in client.get(f"/thi/{id}?cau=1").text
    answer(client, id, 1, o="1")
    client.post(f"/thi/{id}/nop-bai")
    assert attempt(id).score == 1


def test_the_review_names_what_is_not_answered_and_the_last_answer_leads_there(client):
    id = start(client, "exam")
    assert answer(client, id, 5, o="1").location.endswith("/xem-lai")
    page = client.get(f"/thi/{id}/xem-lai").text
    assert "Còn 4 câu chưa trả lời" in page
    assert page.count("Chưa trả lời</span>") == 4
    assert "Nộp bài" in page


def test_sending_nothing_asks_kindly_and_keeps_nothing(client):
    id = start(client, "exam")
    page = answer(client, id, 1)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "Chọn một đáp án." in page.text


def test_the_server_hands_in_an_exam_whose_time_is_over(client):
    id = start(client, "exam")
    answer(client, id, 1, o="1")
    make_late(id, GRACE)
    assert client.get(f"/thi/{id}").location.endswith("/ket-qua")
    assert "máy chủ tự nộp bài" in client.get(f"/thi/{id}/ket-qua").text
    kept = attempt(id)
    assert (kept.handed_in_by, kept.handed_in_at, kept.score) == ("auto", kept.deadline_at, 1)


def test_an_answer_after_the_end_leads_to_the_result(client):
    id = start(client, "exam")
    make_late(id, GRACE)
    assert answer(client, id, 1, o="1").location.endswith("/ket-qua")
    assert attempt(id).score == 0


def test_an_answer_within_the_grace_still_counts(client):
    id = start(client, "exam")
    make_late(id, timedelta(seconds=0.5))
    answer(client, id, 1, o="1")
    client.post(f"/thi/{id}/nop-bai")
    kept = attempt(id)
    assert (kept.score, kept.handed_in_at) == (1, kept.deadline_at)


def test_a_page_without_scripts_reloads_itself_when_the_time_is_over(client):
    assert '<noscript><meta http-equiv="refresh"' in client.get(f"/thi/{start(client, 'exam')}").text
    assert 'http-equiv="refresh"' not in client.get(f"/thi/{start(client)}").text


# ── Messages of an exam ──


def save(client, id, **message):
    return client.post(f"/thi/{id}/dap-an", json=message)


def test_an_answer_as_a_message_is_kept_once(client):
    id = start(client, "exam")
    q = attempt(id).paper[0]["q"]
    for _ in range(2):
        assert save(client, id, m="0" * 32, q=q, o=[1]).get_json() == {"verdict": "kept"}
    assert save(client, id, m="0" * 32, q=q, o=[0]).get_json() == {"verdict": "reused"}
    client.post(f"/thi/{id}/nop-bai")
    assert attempt(id).score == 1
    assert save(client, id, m="1" * 32, q=q, o=[0]).get_json() == {"verdict": "late"}


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"m": "0" * 32, "q": "huu-tri-0"},
        {"m": "0" * 32, "q": "huu-tri-0", "o": [1], "v": 1},
        {"m": "x", "q": "huu-tri-0", "o": [1]},
        {"m": "0" * 32, "q": "huu-tri-0", "o": [True]},
        {"m": "0" * 32, "q": "huu-tri-0", "o": [1], "more": 1},
    ],
)
def test_a_message_of_another_shape_is_refused(client, message):
    id = start(client, "exam")
    assert save(client, id, **message).status_code == 422


# ── Kinds of questions ──


@pytest.mark.parametrize(
    ("kind", "changes", "wrong", "right", "shown"),
    [
        ("several", {"key": (0, 2)}, {"o": ["0", "1"]}, {"o": ["2", "0"]}, 'type="checkbox"'),
        ("truefalse", {"key": (0,)}, {"o": "1"}, {"o": "0"}, "Đúng"),
        ("order", {"key": (2, 0, 1), "options": 3}, {"o": ["0", "1", "2"]}, {"o": ["2", "0", "1"]}, "<select"),
        ("number", {"key": (1530,)}, {"v": "15"}, {"v": "1.530"}, 'inputmode="numeric"'),
    ],
)
def test_every_kind_is_answered_with_a_plain_form(client, kind, changes, wrong, right, shown):
    with db.begin() as session:
        asked = [make.question(f"kind-{n}", topic="kind", kind=kind, **changes) for n in range(5)]
        make.bank(session, *asked, topic="kind")
    led = client.post("/hoc/kind", data={"questions": 5, "mode": "practice", "seconds": 45})
    id = re.match(r"/thi/(\w+)", led.location)[1]
    assert shown in client.get(f"/thi/{id}").text
    answer(client, id, 1, **wrong)
    answer(client, id, 2, **right)
    assert "Chưa đúng" in client.get(f"/thi/{id}?cau=1").text
    assert "Đúng rồi" in client.get(f"/thi/{id}?cau=2").text


@pytest.mark.parametrize("data", [{"v": "4,5"}, {"v": ""}, {"o": "1"}])
def test_a_number_that_is_none_is_asked_for_again(client, data):
    with db.begin() as session:
        asked = [make.question(f"n-{n}", topic="kind", kind="number", key=(7,)) for n in range(5)]
        make.bank(session, *asked, topic="kind")
    led = client.post("/hoc/kind", data={"questions": 5, "mode": "practice", "seconds": 45})
    page = client.post(f"{led.location.split('?')[0]}/cau/1", data=data)
    assert page.status_code == 422
    assert "Nhập một số nguyên." in page.text


@pytest.mark.parametrize("n", [0, 6, 999])
def test_there_is_no_question_beyond_the_paper(client, n):
    id = start(client)
    assert answer(client, id, n, o="1").status_code == 404
    assert client.get(f"/thi/{id}?cau={n}").status_code == 200


# ── Whose it is ──


def test_mallory_is_turned_away_from_everything_of_an_attempt(app, client):
    id = start(client, "exam")
    mallory = app.test_client()
    for path in ("", "/xem-lai", "/ket-qua"):
        assert mallory.get(f"/thi/{id}{path}").status_code == 404
    for path in ("/cau/1", "/nop-bai", "/luyen-lai", "/dung-may-nay"):
        assert mallory.post(f"/thi/{id}{path}", data={"o": "1"}).status_code == 404
    assert save(mallory, id, m="0" * 32, q="huu-tri-0", o=[1]).status_code == 404
    assert attempt(id).handed_in_at is None


def test_a_browser_without_account_goes_on_where_it_was(client):
    id = start(client)
    answer(client, id, 1, o="1")
    assert "Làm tiếp câu 2/5" in client.get("/").text
    assert f"/thi/{id}" in client.get("/").text


def test_the_newest_device_takes_over_and_the_older_one_may_take_it_back(app):
    with db.begin() as session:
        make.person(session, "ada")
    old, new = app.test_client(), app.test_client()
    sign_in(old, "ada")
    sign_in(new, "ada")
    id = start(old, "exam")
    assert new.get(f"/thi/{id}").status_code == 200
    moved = old.get(f"/thi/{id}")
    assert moved.status_code == 409
    assert f'action="/thi/{id}/dung-may-nay"' in moved.text
    assert save(old, id, m="0" * 32, q="huu-tri-0", o=[1]).status_code == 409
    assert old.post(f"/thi/{id}/dung-may-nay").location.endswith(f"/thi/{id}")
    assert old.get(f"/thi/{id}").status_code == 200
    assert new.get(f"/thi/{id}").status_code == 409


def test_a_result_is_seen_on_every_device(app):
    with db.begin() as session:
        make.person(session, "ada")
    old, new = app.test_client(), app.test_client()
    sign_in(old, "ada")
    sign_in(new, "ada")
    id = start(old, "exam")
    old.post(f"/thi/{id}/nop-bai")
    assert new.get(f"/thi/{id}/ket-qua").status_code == 200
    assert old.get(f"/thi/{id}/ket-qua").status_code == 200


# ── Leaderboards ──


def test_who_chose_to_appear_stands_on_the_board_of_an_exam(client):
    with db.begin() as session:
        make.person(session, "ada", name="Lê Thị Ada", appears=True)
    sign_in(client, "ada")
    id = start(client, "exam")
    answer(client, id, 1, o="1")
    client.post(f"/thi/{id}/nop-bai")
    for path in ("/hoc/huu-tri", "/hoc/huu-tri/bang-xep-hang", "/hoc/huu-tri/bang-xep-hang?ky=tat-ca"):
        page = client.get(path).text
        assert "Lê Thị Ada" in page
        assert "1 câu đúng" in page
        assert 'class="me"' in page


def test_an_empty_board_says_what_to_do(client):
    assert "Thi thử trước nhé?" in client.get("/hoc/huu-tri/bang-xep-hang").text


def test_lengths_of_time_are_written_for_people(app):
    with app.test_request_context("/"):
        assert [took(59_999), took(200_000)] == ["59 giây", "3 phút 20 giây"]
        assert clocked(200_045) == "3:20,045"
    with app.test_request_context("/?lang=en"):
        assert clocked(200_045) == "3:20.045"


@pytest.mark.parametrize(
    ("citations", "shown"),
    [
        (("Nghị định 161/2026/NĐ-CP",), "<span>Căn cứ: Nghị định số 161/2026/NĐ-CP</span></span>"),
        (
            ("Nghị định 161/2026/NĐ-CP Điều 3", "Điều 7"),
            '<span>Căn cứ: <a href="/luat/dieu-7">Điều 7</a>, Luật số 41/2024/QH15; '
            "Điều 3 Nghị định số 161/2026/NĐ-CP</span>",
        ),
        (
            ("Điều 7", "Điều 64 khoản 1"),
            '<a href="/luat/dieu-7">Điều 7</a>; <a href="/luat/dieu-64#khoan-1">Điều 64 khoản 1</a>, Luật số',
        ),
    ],
)
def test_a_legal_basis_links_to_the_law_and_names_later_documents(app, citations, shown):
    with app.test_request_context("/"):
        bases = app.jinja_env.get_template("quiz/_bases.html").make_module(
            {"language": lambda: "vi", **app.jinja_env.globals}
        )
        assert shown in str(bases.bases(make.question(citations=citations)))
