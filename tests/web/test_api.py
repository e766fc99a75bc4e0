"""The JSON interface: how a body is read, how a refusal looks, and that the document tells the truth."""

import msgspec
import pytest
from flask import Flask

from quizapp.web import api
from quizapp.web.api import Message


class Sum(Message):
    a: int
    name: str = ""


@pytest.fixture
def read(app):
    def reading(raw, content_type="application/json"):
        with app.test_request_context("/api/v1/x", method="POST", data=raw, content_type=content_type):
            return api.read_body(Sum)

    return reading


def test_a_body_of_the_declared_shape_is_read(read):
    assert read(b'{"a": 1, "name": "ada"}') == Sum(a=1, name="ada")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"a": true}',
        b'{"a": 1.0}',
        b'{"a": "1"}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "b": 2}',
        b'{"a": null}',
        b'{"a": 1, "name": "\\ud800"}',
        b'{"a": 1, "name": "\\ud800 and more"}',
        b'{"a": 1, "name": "\\udc00 and more"}',
        b'{"a": 1, "name": "\xed\xa0\x80"}',
        b'{"a": 1, "name": "\xff"}',
        b'{"a": 1',
        b'{"a": ' + b"[" * 8000,
    ],
)
def test_whatever_differs_from_the_shape_is_refused(read, raw):
    with pytest.raises(api.Unreadable):
        read(raw)


def test_only_json_is_read(read):
    with pytest.raises(api.NotJson):
        read(b'{"a": 1}', "text/plain")


def test_a_long_body_is_refused(read):
    with pytest.raises(api.TooLarge):
        read(b'{"a": 1, "name": "' + b"x" * api.LARGEST_BODY + b'"}')


def test_the_document_describes_every_declared_call(client):
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(call.method, call.path.replace("<", "{").replace(">", "}")) for call in api.CALLS}


def test_every_route_of_the_interface_is_declared(app: Flask):
    routes = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert routes - {"/api/v1/openapi.json"} == {f"/api/v1{call.path}" for call in api.CALLS}


def test_an_unknown_call_is_a_problem(client):
    reply = client.get("/api/v1/nothing-here")
    assert reply.status_code == 404
    assert reply.content_type == "application/problem+json"
    assert msgspec.json.decode(reply.data, type=api.Problem).status == 404
