"""Refusals: every no that a person can meet, each with a kind sentence that says what to do.

The sentence is Vietnamese (the source language) and is translated where it is shown. `code` is the short name that the
JSON interface and the sockets use; `status` is the HTTP status it becomes.
"""

from __future__ import annotations


class Refusal(Exception):
    """A no with a reason that a person can read. Never a fault of ours."""

    code = "refused"
    status = 400
    sentence = "Yêu cầu này chưa thực hiện được."

    def __init__(self, sentence: str | None = None, **details: object) -> None:
        super().__init__(sentence or self.sentence)
        self.sentence = sentence or self.sentence
        self.details = details


class Unreadable(Refusal):
    """What was sent does not have the stated shape."""

    code = "unreadable"
    status = 422
    sentence = "Nội dung gửi lên chưa đúng mẫu. Vui lòng kiểm tra lại."


class NotFound(Refusal):
    """It is not there, or it belongs to somebody else: the two look the same."""

    code = "not-found"
    status = 404
    sentence = "Không tìm thấy nội dung này."


class NotAllowed(Refusal):
    """Known, but not permitted to this account."""

    code = "not-allowed"
    status = 403
    sentence = "Tài khoản này không có quyền thực hiện việc đó."


class SignInNeeded(NotAllowed):
    """Nobody is signed in where somebody must be."""

    code = "sign-in-needed"
    status = 401
    sentence = "Vui lòng đăng nhập để tiếp tục."


class Conflict(Refusal):
    """It was possible a moment ago; the state has changed since."""

    code = "conflict"
    status = 409
    sentence = "Nội dung đã thay đổi. Vui lòng tải lại trang rồi thử lại."


class TooEarly(Conflict):
    code = "early"
    sentence = "Câu hỏi chưa mở. Chờ một chút nhé."


class TooLate(Conflict):
    code = "late"
    sentence = "Đáp án đến sau khi hết giờ nên không được tính."


class MovedAway(Conflict):
    """The attempt or the player was taken over by another device."""

    code = "moved"
    sentence = "Bài thi đã chuyển sang thiết bị khác. Dùng lại máy này?"


class TooMany(Refusal):
    """Slow down: the same thing was tried too often."""

    code = "too-many"
    status = 429
    sentence = "Thao tác hơi nhanh. Vui lòng chờ ít giây rồi thử lại."
