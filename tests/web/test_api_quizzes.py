import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import openapi

from quizapp import db, models
from quizapp.rules.timing import GRACE
from tests import make


@pytest.fixture(autouse=True)
def bank(app):
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n}") for n in range(5)))


def call(client, path, body=None, token=None, method="post", **more):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return getattr(client, method)(f"/api/v1{path}", json=body, headers=headers, **more)


@pytest.fixture
def dealt(client):
    return call(client, "/quizzes/huu-tri/attempts", {"questions": 5}).get_json()


def answer(client, dealt, n=1, token=None, **change):
    message = {"m": f"{n:032x}", "q": dealt["questions"][n - 1]["q"], "o": [1], **change}
    return call(client, f"/attempts/{dealt['attempt']}/answers", message, token or dealt["token"])


def hand_in(client, dealt, token=None):
    return call(client, f"/attempts/{dealt['attempt']}/handin", token=token or dealt["token"])


def test_topics_are_listed_with_counts_and_never_a_key(client):
    (line,) = call(client, "/topics", method="get").get_json()["topics"]
    assert line == {"slug": "huu-tri", "letter": "H", "name": {"vi": "Hưu trí", "en": "Pension"}, "questions": 5}
    page = call(client, "/topics/huu-tri", method="get").get_json()
    assert page["kinds"]["one"] == 5
    assert "key" not in json.dumps(page)
    assert call(client, "/topics/nothing", method="get").status_code == 404


def test_an_attempt_is_dealt_as_the_contract_says(client):
    reply = call(client, "/quizzes/huu-tri/attempts", {"questions": 5})
    assert reply.status_code == 201
    dealt = reply.get_json()
    assert set(dealt) == {"attempt", "token", "deadline_at", "questions"}
    assert [set(question) for question in dealt["questions"]] == [{"n", "q", "kind", "stem", "options"}] * 5
    assert [question["n"] for question in dealt["questions"]] == [1, 2, 3, 4, 5]
    assert sorted(option["o"] for option in dealt["questions"][0]["options"]) == [0, 1, 2, 3]
    with db.read() as session:
        kept = session.get(models.Attempt, dealt["attempt"])
        assert dealt["deadline_at"] == int(kept.deadline_at.timestamp() * 1000)
        assert (kept.deadline_at - kept.started_at).seconds == 5 * 45


def test_ten_questions_are_dealt_where_no_number_is_named(client):
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n}") for n in range(5, 12)))
    assert len(call(client, "/quizzes/tong-hop/attempts", {}).get_json()["questions"]) == 10


def test_the_texts_come_in_the_language_asked_for(client):
    dealt = call(client, "/quizzes/huu-tri/attempts?lang=en", {"questions": 5}).get_json()
    assert dealt["questions"][0]["stem"] == "Câu hỏi (en)"


def test_answers_are_kept_and_the_hand_in_tells_score_key_and_basis(client, dealt):
    assert answer(client, dealt, 1).get_json() == {"verdict": "kept"}
    assert answer(client, dealt, 2, o=[0]).get_json() == {"verdict": "kept"}
    reply = hand_in(client, dealt)
    assert reply.status_code == 200
    told = reply.get_json()
    assert (told["score"], told["of"]) == (1, 5)
    assert 0 <= told["duration_ms"] < 60_000
    first = told["review"][0]
    assert (first["chosen"], first["right"], first["key"]) == ([1], True, [1])
    assert first["basis"] == [{"text": "Điều 64 khoản 1", "path": "/luat/dieu-64#khoan-1"}]
    assert told["review"][2]["chosen"] is None
    assert hand_in(client, dealt).get_json() == told


def test_verdicts_follow_the_table(client, dealt):
    assert answer(client, dealt, 1).get_json() == {"verdict": "kept"}
    assert answer(client, dealt, 1).get_json() == {"verdict": "kept"}
    assert answer(client, dealt, 1, o=[2]).get_json() == {"verdict": "reused"}
    assert answer(client, dealt, 2, m="f" * 32, q="nothing").get_json() == {"verdict": "refused"}
    assert answer(client, dealt, 2, m="e" * 32, o=[9]).get_json() == {"verdict": "refused"}
    hand_in(client, dealt)
    assert answer(client, dealt, 3).get_json() == {"verdict": "late"}


def test_after_the_deadline_and_its_grace_nothing_counts(client, dealt):
    with db.begin() as session:
        kept = session.get(models.Attempt, dealt["attempt"])
        gone = kept.deadline_at - kept.started_at + GRACE
        kept.started_at -= gone
        kept.deadline_at -= gone
    assert answer(client, dealt).get_json() == {"verdict": "late"}
    assert hand_in(client, dealt).get_json()["duration_ms"] == 5 * 45_000


def test_mallory_without_the_token_is_refused(client, dealt):
    other = call(client, "/quizzes/huu-tri/attempts", {"questions": 5}).get_json()
    for reply in (answer(client, dealt, token=other["token"]), hand_in(client, dealt, token=other["token"])):
        assert reply.status_code == 404
        assert reply.content_type == "application/problem+json"
    path = f"/attempts/{dealt['attempt']}/handin"
    assert call(client, path).status_code == 401
    assert client.post(f"/api/v1{path}", headers={"Authorization": "Basic abc"}).status_code == 401
    with db.read() as session:
        assert session.get(models.Attempt, dealt["attempt"]).handed_in_at is None


def test_a_browser_attempt_cannot_be_reached_without_its_token(app, client):
    app.config["WTF_CSRF_ENABLED"] = False
    led = client.post("/hoc/huu-tri", data={"questions": 5, "mode": "exam", "seconds": 45})
    id = led.location.split("/")[2].split("?")[0]
    assert call(client, f"/attempts/{id}/handin", token="x").status_code == 404


def test_no_reply_before_the_hand_in_depends_on_the_key(app, client):
    def told(key):
        with db.begin() as session:
            for row in session.query(models.QuestionVersion):
                row.content = {**row.content, "key": [key]}
        dealt = call(client, "/quizzes/huu-tri/attempts", {"questions": 5}).get_json()
        replies = [answer(client, dealt, n, o=[0]).data for n in range(1, 6)]
        shape = [sorted(question) for question in dealt["questions"]]
        return replies, shape, sorted(question["stem"] for question in dealt["questions"])

    assert told(0) == told(3)


@pytest.mark.parametrize(
    "body",
    [{"questions": 4}, {"questions": 31}, {"questions": "10"}, {"questions": 10.0}, {"questions": True}, {"n": 5}, []],
)
def test_a_wish_of_another_shape_is_refused(client, body):
    reply = call(client, "/quizzes/huu-tri/attempts", body)
    assert reply.status_code == 422
    problem = msgspec.json.decode(reply.data, type=dict)
    assert {"type", "title", "status", "detail"} <= set(problem)


def test_an_unknown_topic_is_refused(client):
    assert call(client, "/quizzes/nothing/attempts", {"questions": 5}).status_code == 404


def test_a_number_question_takes_v(client):
    with db.begin() as session:
        asked = [make.question(f"n-{n}", topic="number", kind="number", key=(-7,)) for n in range(5)]
        make.bank(session, *asked, topic="number")
    dealt = call(client, "/quizzes/number/attempts", {"questions": 5}).get_json()
    q = dealt["questions"][0]
    assert (q["kind"], q["options"]) == ("number", [])
    path = f"/attempts/{dealt['attempt']}/answers"
    sent = call(client, path, {"m": "0" * 32, "q": q["q"], "v": -7}, dealt["token"])
    assert sent.get_json() == {"verdict": "kept"}
    both = call(client, path, {"m": "1" * 32, "q": q["q"], "v": -7, "o": [1]}, dealt["token"])
    assert both.status_code == 422
    assert hand_in(client, dealt).get_json()["score"] == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["m", "q", "o", "v", "x"]), inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_nothing_sent_as_an_answer_does_harm(client, dealt, body):
    sent = {"data": json.dumps(body), "content_type": "application/json"}
    path = f"/api/v1/attempts/{dealt['attempt']}/answers"
    reply = client.post(path, headers={"Authorization": f"Bearer {dealt['token']}"}, **sent)
    assert reply.status_code in {200, 422}


# ── The document ──


@pytest.fixture
def document(client):
    return client.get("/api/v1/openapi.json").get_json()


def test_the_document_is_openapi(document):
    loaded = openapi.from_dict(document)
    assert loaded.statistic.operations.total == sum(len(methods) for methods in document["paths"].values())
    assert document["paths"]["/attempts/{id}/answers"]["post"]["security"] == [{"token": []}]


def checked(document, name, value):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(value)


def test_every_schema_of_the_document_is_a_schema(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert document["components"]["schemas"]["QuizAnswer"]["additionalProperties"] is False


def test_replies_are_what_the_document_says(client, document, dealt):
    checked(document, "Dealt", dealt)
    checked(document, "QuizVerdict", answer(client, dealt).get_json())
    checked(document, "HandedIn", hand_in(client, dealt).get_json())
    checked(document, "Topics", call(client, "/topics", method="get").get_json())
    checked(document, "TopicPage", call(client, "/topics/huu-tri", method="get").get_json())
    checked(document, "Problem", call(client, "/topics/nothing", method="get").get_json())
