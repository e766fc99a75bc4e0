"""What people agree to when they enter a contest: in words of both languages that follow from the rulebook, and the
hash by which a kept consent names the words it was given to (fairness §10)."""

from __future__ import annotations

from typing import Literal

from quizapp.rules.contest import Settings, Words
from quizapp.rules.draw import pack, sha256
from quizapp.rules.question import Text
from quizapp.rules.registration import FOR_CHILDREN, PURPOSES, Purpose

VERSION = 1  # one more with every change of the words below
By = Literal["self", "guardian"]

_BOXES: dict[tuple[By, Purpose], tuple[Text, Text]] = {  # the box to tick, and what it means
    ("self", "take_part"): (
        Text("Tôi đồng ý tham gia", "I agree to take part"),
        Text(
            "Dữ liệu trong biểu mẫu này được dùng cho việc tổ chức cuộc thi như nêu ở trên.",
            "The data of this form are used to run the contest as stated above.",
        ),
    ),
    ("self", "publish"): (
        Text("Công bố tên nếu đạt giải", "Publish my name if I win"),
        Text(
            "Công bố họ tên cùng đơn vị hoặc xã, phường. Khi đó có thể tra bài làm của tôi trong hồ sơ công khai. "
            "Tên cũng hiện trên bảng xếp hạng khi vòng thi đang mở, nếu thể lệ có bảng này.",
            "My name is shown with my unit or commune. My answers can then be found in the public record. "
            "While a round is open the name also stands on its leaderboard, where the rulebook has one.",
        ),
    ),
    ("self", "news"): (
        Text("Nhận tin về cuộc thi sau", "News of later contests"),
        Text("Ban Tổ chức có thể báo tin về các cuộc thi sau.", "The organizers may tell me of later contests."),
    ),
    ("guardian", "take_part"): (
        Text("Tôi đồng ý cho em tham gia", "I agree that the child takes part"),
        Text(
            "Tôi là cha, mẹ hoặc người giám hộ của người dự thi dưới 16 tuổi.",
            "I am a parent or guardian of this contestant under 16.",
        ),
    ),
    ("guardian", "publish"): (
        Text("Công bố tên em nếu đạt giải", "Publish the child's name if they win"),
        Text(
            "Công bố họ tên cùng đơn vị hoặc xã, phường. Khi đó có thể tra bài làm của em trong hồ sơ công khai. "
            "Tên cũng hiện trên bảng xếp hạng khi vòng thi đang mở, nếu thể lệ có bảng này.",
            "The name is shown with the unit or commune. The answers can then be found in the public record. "
            "While a round is open the name also stands on its leaderboard, where the rulebook has one.",
        ),
    ),
}
_DECLARED = Text(
    "Tôi đang sống, làm việc hoặc học tập tại địa bàn của cuộc thi",
    "I live, work or study in the area of the contest",
)


def purposes(by: By) -> tuple[Purpose, ...]:
    """What each is asked for, in the order of the boxes."""
    return PURPOSES if by == "self" else FOR_CHILDREN


def box(by: By, purpose: Purpose) -> tuple[Text, Text]:
    """The words beside one box to tick, and what ticking it means."""
    return _BOXES[by, purpose]


def declaration() -> Text:
    """The words by which somebody declares that they belong to the area of the contest (§4)."""
    return _DECLARED


def notice(settings: Settings) -> tuple[Text, ...]:
    """What stands above the boxes: who holds the data, what for, how long, which rights, whom to ask."""
    organizer, contact = settings.organizer, settings.contact
    said = [
        Text(f"Bên giữ dữ liệu: {organizer.vi}.", f"Your data are held by: {_english(organizer)}."),
        Text(
            "Dữ liệu chỉ dùng để tổ chức cuộc thi, xếp hạng, xét giải và trao giải.",
            "They are used only to run the contest, to rank, and to decide and hand over prizes.",
        ),
    ]
    if settings.who.fields.identity_number != "off":
        said.append(
            Text(
                "Số căn cước chỉ lưu ở dạng mã không đọc lại được. Số đầy đủ chỉ hỏi người đạt giải.",
                "Of the identity number only an unreadable code is kept. Only winners are asked for the full number.",
            )
        )
    said += [
        Text(
            f"Dữ liệu được giữ đến {settings.keep_days} ngày sau khi kết thúc hồ sơ cuộc thi, rồi được xóa.",
            f"They are kept until {settings.keep_days} days after the file of the contest is closed, then deleted.",
        ),
        Text(
            "Có thể xem, sửa, xóa dữ liệu hoặc rút lại đồng ý bất cứ lúc nào tại trang thông tin dự thi.",
            "You can see, correct or delete them and take your consent back at any time on your registration page.",
        ),
    ]
    if contact is not None:
        said.append(Text(f"Liên hệ: {contact.vi}", f"Contact: {_english(contact)}"))
    return tuple(said)


def wording(settings: Settings, by: By, purpose: Purpose) -> str:
    """The hash of all words that one box stands for, in both languages."""
    return _hash((*notice(settings), *box(by, purpose)))


def declared(settings: Settings) -> str:
    """The hash of the words of the declaration, with the provinces it is about."""
    return _hash((_DECLARED, Text(" ".join(settings.who.provinces), "")))


def _hash(words: tuple[Text, ...]) -> str:
    return sha256(pack("quiz-consent-1", VERSION, *(part for text in words for part in (text.vi, text.en)))).hex()


def _english(words: Words) -> str:
    return words.en or words.vi
