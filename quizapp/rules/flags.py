"""Signs that something may be wrong (contest-rules §16): advice for people, who decide with a reason.

A flag never changes a score, a rank or a prize, and nothing here says that somebody cheated: a family shares a phone, a
factory one address, and some people read very fast.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from quizapp.rules.tally import Line, Sitting

Sign = Literal[
    "too-fast", "same-answers", "one-identity", "one-phone", "one-device", "late-registration", "refused", "one-address"
]

T = TypeVar("T")

QUESTION_MS = 1_500  # a right answer in less time than this is hardly read
LONG_PAPER, LONG_PAPER_MS = 20, 60_000  # so many questions, right in less time than this, are hardly read either
TOGETHER_US = 10 * 60_000_000  # "within minutes"
LEAST_ANSWERS = 3  # fewer answers are easily the same
LATE_US = 30 * 60_000_000  # "minutes before closing"
TOP = 10
REFUSED = 5  # answers the server refused: fewer happen to anybody with a bad line
DOZENS = 24

# What is said of a flag, and what organizers usually do then; `%(name)s` are its details.
REASONS: Mapping[Sign, str] = {
    "too-fast": "Đúng tất cả %(of)s câu trong %(seconds)s giây, nhanh hơn thời gian cần để đọc câu hỏi.",
    "same-answers": "%(people)s người trả lời và dự đoán giống hệt nhau, theo cùng thứ tự, chỉ trong vài phút.",
    "one-identity": "%(people)s người đăng ký dùng chung một số căn cước.",
    "one-phone": "%(people)s người đăng ký dùng chung một số điện thoại.",
    "one-device": "%(people)s người dự thi trên cùng một thiết bị trong cùng một ngày.",
    "late-registration": "Đăng ký %(minutes)s phút trước khi vòng thi đóng và đứng hạng %(rank)s.",
    "refused": "Máy chủ đã từ chối %(count)s lần trả lời sai quy định của người này.",
    "one-address": "%(attempts)s lượt thi từ cùng một địa chỉ mạng trong vài phút, kèm theo dấu hiệu khác.",
}
REACTIONS: Mapping[Sign, str] = {
    "too-fast": "Có thể mời thí sinh làm một bài kiểm tra ngắn có giám sát trước khi trao giải.",
    "same-answers": "So sánh các lượt thi này và hỏi lại những người liên quan.",
    "one-identity": "Giữ người đăng ký trước; xem xét các lượt thi của những người còn lại.",
    "one-phone": "Kiểm tra xem đây có phải người trong một nhà hoặc người giám hộ không.",
    "one-device": "Một nhà hoặc một phòng máy dùng chung thiết bị là bình thường; xem kèm dấu hiệu khác.",
    "late-registration": "Xác minh kỹ thông tin đăng ký trước khi trao giải.",
    "refused": "Xem nhật ký trả lời; đường truyền kém cũng có thể gây ra điều này.",
    "one-address": "Cơ quan, trường học, nhà máy thường dùng chung một địa chỉ; chỉ xem những người có dấu hiệu khác.",
}


@dataclass(frozen=True)
class Flag:
    """One sign, about these people and attempts; `details` fill in its sentence.

    Codes are sorted; where people share a number, who registered first stands first.
    """

    sign: Sign
    codes: tuple[str, ...]
    sittings: tuple[str, ...] = ()
    details: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """An attempt with what is not counted: its answers in the order in which they were given, each with its question,
    the prediction that went with it, and the keyed tags of device and network."""

    sitting: Sitting
    answers: tuple[tuple[str, tuple[int, ...]], ...] = ()
    said: int | None = None
    device: str = ""
    address: str = ""


@dataclass(frozen=True)
class Known:
    """What a registration shares with others, as keyed tags; somebody registered through a guardian shares theirs."""

    code: str
    registered_us: int
    identity: str = ""
    phone: str = ""
    guardian: bool = False


def signs(
    seen: Sequence[Seen],
    known: Sequence[Known],
    lines: Iterable[Line],
    *,
    closes_us: int,
    phone_shared_max: int = 1,
    refused: Mapping[str, int] | None = None,
) -> tuple[Flag, ...]:
    """All flags of a self-paced round, the gravest kinds first.

    `refused` counts, by code, answers after the lock, changed attempt numbers and the like.
    """
    found = [
        *too_fast(seen),
        *same_answers(seen),
        *shared_numbers(known, phone_shared_max=phone_shared_max),
        *late_registrations(known, lines, closes_us=closes_us),
        *often_refused(refused or {}),
        *shared_devices(seen),
    ]
    return (*found, *shared_addresses(seen, {code for flag in found for code in flag.codes}))


def too_fast(seen: Iterable[Seen]) -> list[Flag]:
    """Perfect scores in an impossible time: under 1.5 s a question, or under 60 s for 20 questions and more."""
    found = []
    for one in (each.sitting for each in seen):
        least = max(QUESTION_MS * one.of, LONG_PAPER_MS if one.of >= LONG_PAPER else 0)
        if 0 < one.full <= one.score and one.duration_ms < least:
            found.append(Flag("too-fast", (one.code,), (one.id,), {"of": one.of, "seconds": one.duration_ms // 1000}))
    return found


def same_answers(seen: Iterable[Seen]) -> list[Flag]:
    """Groups of people with the same answers and the same prediction in the same order, handed in minutes apart."""
    alike = _groups((one, (one.answers, one.said)) for one in seen if _can_compare(one))
    return [
        _flag("same-answers", together) for group in alike for together in _together(group) if _people(together) > 1
    ]


def shared_numbers(known: Iterable[Known], *, phone_shared_max: int = 1) -> list[Flag]:
    """Several registrations with one identity number, or with one phone beyond what the rulebook lets share it."""
    own = [one for one in known if not one.guardian]
    identities = _groups((one, one.identity) for one in own if one.identity)
    phones = _groups((one, one.phone) for one in own if one.phone)
    return [
        *(_shared("one-identity", group) for group in identities if len(group) > 1),
        *(_shared("one-phone", group) for group in phones if len(group) > phone_shared_max),
    ]


def shared_devices(seen: Iterable[Seen]) -> list[Flag]:
    """Several people on one device; its tag changes daily, so within a day."""
    groups = _groups((one, one.device) for one in seen if one.device)
    return [_flag("one-device", group) for group in groups if _people(group) > 1]


def late_registrations(known: Iterable[Known], lines: Iterable[Line], *, closes_us: int) -> list[Flag]:
    """People who registered minutes before the closing and stand among the first."""
    registered = {one.code: one.registered_us for one in known}
    found = []
    for line in lines:
        before = closes_us - registered.get(line.code, 0)
        if line.rank <= TOP and 0 <= before <= LATE_US:
            details = {"minutes": before // 60_000_000, "rank": line.rank}
            found.append(Flag("late-registration", (line.code,), (line.sitting,) if line.sitting else (), details))
    return found


def often_refused(refused: Mapping[str, int]) -> list[Flag]:
    """People whose answers the server refused again and again."""
    return [Flag("refused", (code,), (), {"count": n}) for code, n in sorted(refused.items()) if n >= REFUSED]


def shared_addresses(seen: Iterable[Seen], suspects: Collection[str]) -> list[Flag]:
    """Dozens of attempts from one address within minutes, where some of them bear another sign: about those only."""
    found = []
    for group in _groups((one, one.address) for one in seen if one.address):
        for together in _together(group):
            about = [one for one in together if one.sitting.code in suspects]
            if len(together) >= DOZENS and about:
                flag = _flag("one-address", about)
                found.append(Flag(flag.sign, flag.codes, flag.sittings, {"attempts": len(together)}))
    return found


def _shared(sign: Sign, group: Iterable[Known]) -> Flag:
    codes = tuple(one.code for one in sorted(group, key=lambda one: (one.registered_us, one.code)))
    return Flag(sign, codes, (), {"people": len(codes)})


def _flag(sign: Sign, group: Sequence[Seen]) -> Flag:
    codes = tuple(sorted({one.sitting.code for one in group}))
    return Flag(sign, codes, tuple(sorted(one.sitting.id for one in group)), {"people": len(codes)})


def _can_compare(one: Seen) -> bool:
    return len(one.answers) >= LEAST_ANSWERS and one.said is not None


def _people(group: Iterable[Seen]) -> int:
    return len({one.sitting.code for one in group})


def _together(group: Iterable[Seen]) -> list[list[Seen]]:
    """A group parted wherever more than some minutes lie between two hand-ins."""
    parts: list[list[Seen]] = []
    for one in sorted(group, key=lambda one: (one.sitting.submitted_us, one.sitting.id)):
        if parts and one.sitting.submitted_us - parts[-1][-1].sitting.submitted_us <= TOGETHER_US:
            parts[-1].append(one)
        else:
            parts.append([one])
    return parts


def _groups(pairs: Iterable[tuple[T, Hashable]]) -> list[list[T]]:
    """What has the same mark, in the order in which the marks first appear."""
    groups: dict[Hashable, list[T]] = {}
    for one, mark in pairs:
        groups.setdefault(mark, []).append(one)
    return list(groups.values())
