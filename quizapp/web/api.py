"""The JSON interface: how a call is declared, read strictly, answered, and described in OpenAPI.

A call is declared once, next to its view:

    class NewAttempt(Message):
        questions: Annotated[int, Meta(ge=5, le=30)] = 10

    @call("POST", "/quizzes/<topic>/attempts", body=NewAttempt, reply=Dealt, status=201, refuses=(NotFound,))
    def start(topic: str, body: NewAttempt) -> Dealt:
        \"\"\"Deal a paper and start the clock.\"\"\"

The view gets the parts of the path by name, `body` as a value of the declared shape, and `token` where `bearer=True`;
it returns a `Message` of the declared reply. It may raise any refusal: those named in `refuses` are in the document.
The first line of its docstring is the summary there. Modules that declare calls are imported in `web/__init__.py`,
before the blueprint is registered; `document()` then describes every call from the same shapes.

Strict means: JSON only, at most 16 KiB, unknown fields and wrong types refused (no true for 1, no 1.0 for 1, no NaN, no
lone surrogates), all with problem details (RFC 9457).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from flask import Blueprint, Response, request
from flask_babel import gettext

from quizapp.errors import Refusal, Unreadable
from quizapp.web import frame

LARGEST_BODY = 16 * 1024
VERSION = "1.0.0"

bp = Blueprint("api", __name__, url_prefix="/api/v1")
frame.csrf.exempt(bp)

View = TypeVar("View", bound=Callable[..., Any])
Shape = TypeVar("Shape", bound="Message")


class Message(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The shape of a body or a reply. Fields that are sometimes left out are `… | UnsetType = UNSET`."""


class Nothing(Message):
    """No fields: the body of a call that needs none may be missing or `{}`."""


class Problem(msgspec.Struct, kw_only=True):
    """An error as RFC 9457 says; `title` is its short name, `detail` a sentence for people."""

    type: str
    title: str
    status: int
    detail: str


class TokenNeeded(Refusal):
    """The call has an owner, and the request does not say who it is."""

    code = "token-needed"
    status = 401
    sentence = "Thiếu mã truy cập (Authorization: Bearer …)."


class NotJson(Refusal):
    """The body is of another type than JSON."""

    code = "not-json"
    status = 415
    sentence = "Nội dung gửi lên phải là JSON (Content-Type: application/json)."


class TooLarge(Refusal):
    """The body is longer than any honest one."""

    code = "too-large"
    status = 413
    sentence = "Nội dung gửi lên quá lớn (tối đa 16 KiB)."


@dataclass(frozen=True)
class Call:
    """One declared call."""

    method: str
    path: str
    view: Callable[..., Any]
    body: type[Message] | None
    reply: Any
    status: int
    bearer: bool
    refuses: tuple[type[Refusal], ...]

    @property
    def summary(self) -> str:
        return (self.view.__doc__ or self.view.__name__).strip().splitlines()[0]

    @property
    def refusals(self) -> tuple[type[Refusal], ...]:
        """Everything it may refuse with: what it names, and what follows from how it is read."""
        reading = (Unreadable, NotJson, TooLarge) if self.method in {"POST", "PUT", "PATCH"} else ()
        return (*self.refuses, *reading, *((TokenNeeded,) if self.bearer else ()))


CALLS: list[Call] = []


def call(
    method: str,
    path: str,
    *,
    reply: Any,
    body: type[Message] | None = None,
    status: int = 200,
    bearer: bool = False,
    refuses: tuple[type[Refusal], ...] = (),
) -> Callable[[View], View]:
    """Declare the view below as the call `method path`; see the top of this page."""

    def declare(view: View) -> View:
        declared = Call(method, path, view, body, reply, status, bearer, refuses)
        CALLS.append(declared)
        endpoint = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        bp.add_url_rule(path, endpoint, _answering(declared), methods=[method])
        return view

    return declare


@bp.get("/openapi.json")
def openapi() -> Response:
    """The description of this interface, made from the declared calls."""
    return Response(msgspec.json.encode(document()), content_type="application/json")


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of all declared calls."""
    shapes = [shape for declared in CALLS for shape in (declared.body, declared.reply) if shape is not None]
    unique = list({repr(shape): shape for shape in (*shapes, Problem)}.values())
    schemas, components = msgspec.json.schema_components(unique, ref_template="#/components/schemas/{name}")
    schema_of = {repr(shape): schema for shape, schema in zip(unique, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for declared in CALLS:
        paths.setdefault(_openapi_path(declared.path), {})[declared.method.lower()] = _operation(declared, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Quiz on the Law on Social Insurance 2024", "version": VERSION},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def read_body(shape: type[Shape]) -> Shape:
    """The body of this request as a value of `shape`; refuses whatever differs from it."""
    request.max_content_length = LARGEST_BODY
    if (request.content_length or 0) > LARGEST_BODY:
        raise TooLarge()
    raw = request.get_data(cache=False)
    if not raw and shape is Nothing:
        return shape()
    if request.mimetype != "application/json":
        raise NotJson()
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as flaw:
        raise Unreadable(flaw=str(flaw)) from flaw


def bearer_token() -> str:
    """The token of the `Authorization` header."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise TokenNeeded()
    return token.strip()


def _answering(declared: Call) -> Callable[..., Response]:
    """The view behind one frame: token and body are read, refusals become problems, the reply becomes JSON."""

    def answer(**parts: Any) -> Response:
        try:
            if declared.bearer:
                parts["token"] = bearer_token()
            if declared.method in {"POST", "PUT", "PATCH"}:
                body = read_body(declared.body or Nothing)
                if declared.body is not None:
                    parts["body"] = body
            said = declared.view(**parts)
        except Refusal as refusal:
            more = {"flaw": refusal.details["flaw"]} if "flaw" in refusal.details else {}
            reply = frame.problem(refusal.status, refusal.code, gettext(refusal.sentence), **more)
        else:
            reply = Response(msgspec.json.encode(said), declared.status, content_type="application/json")
        reply.headers["Cache-Control"] = "no-store"
        return reply

    return answer


def _operation(declared: Call, schema_of: dict[str, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {
        str(declared.status): {
            "description": "Done",
            "content": {"application/json": {"schema": schema_of[repr(declared.reply)]}},
        }
    }
    for refusal in declared.refusals:
        seen = responses.setdefault(
            str(refusal.status),
            {"description": "", "content": {"application/problem+json": {"schema": schema_of[repr(Problem)]}}},
        )
        seen["description"] = ", ".join(part for part in (seen["description"], refusal.code) if part)
    operation: dict[str, Any] = {
        "operationId": f"{declared.view.__module__.rpartition('.')[2]}_{declared.view.__name__}",
        "summary": declared.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"<(?:\w+:)?(\w+)>", declared.path)
        ],
        "responses": responses,
    }
    if declared.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_of[repr(declared.body)]}},
        }
    if declared.bearer:
        operation["security"] = [{"token": []}]
    return operation


def _openapi_path(path: str) -> str:
    """`/rooms/<code>/state` as OpenAPI writes it: `/rooms/{code}/state`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
