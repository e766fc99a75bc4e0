"""The prediction question: what is asked, what may be typed, which number counts, and how far it is from the target
(contest-rules §8, §21.3, §21.8–9).

A percentage is kept as a whole number, scaled by ten to the stated decimals: 34,55 with two decimals is 3455.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from quizapp.errors import Unreadable
from quizapp.rules.contest import Prediction, PredictionScope, Round, TargetCode, Words
from quizapp.rules.numerals import decimal_in_words, in_words
from quizapp.rules.tally import Said, Sitting
from quizapp.rules.words import fold

LARGEST = 99_999_999
NOWHERE = 1 << 40  # where somebody without a prediction stands: behind every distance
_OVER = 1 << 38  # behind every distance of a prediction that is not above the target

_PLAIN = re.compile(r"[0-9]{1,8}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([. ])[0-9]{3}(?:\1[0-9]{3})?")
_PERCENT = re.compile(r"(0|[1-9][0-9]{0,2})(?:,([0-9]+))?(?: ?%)?")
_SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")

_QUESTIONS: dict[TargetCode, Words] = {
    "P_ALLCORRECT": Words(
        "Có bao nhiêu người trả lời đúng tất cả các câu hỏi của {vi}?",
        "How many people will answer every question of {en} correctly?",
    ),
    "P_PEOPLE": Words("Có bao nhiêu người tham gia dự thi {vi}?", "How many people will take part {in_en}?"),
    "P_ATTEMPTS": Words("Có bao nhiêu lượt thi trong {vi}?", "How many attempts will there be {in_en}?"),
    "P_PERCENT": Words(
        "Tỷ lệ % người trả lời đúng tất cả?", "What percentage of people will answer everything correctly?"
    ),
    "P_LIVE": Words(
        "Có bao nhiêu người đang ở trong phòng thi khi khóa câu cuối?",
        "How many people will be in the room when the last question locks?",
    ),
}
_STRETCHES = (  # the word a round is named by, as folded letters, and what it is called while it runs
    ("tuan", "tuần này", "this week", "this week"),
    ("thang", "tháng này", "this month", "this month"),
    ("dot", "đợt này", "this phase", "in this phase"),
    ("ky", "kỳ này", "this edition", "in this edition"),
    ("chang", "chặng này", "this stage", "in this stage"),
)
_ROUND = ("", "vòng này", "this round", "in this round")


# ── What is asked ───────────────────────────────────────────────────────────────────────────────────────────────


def question(round: Round) -> Words:
    """The prediction question of a round, made from what is computed, so that the two cannot disagree (§8.1)."""
    assert round.prediction is not None
    _, vi, en, in_en = _stretch(round.name.vi)
    asked = _QUESTIONS[round.prediction.target]
    return Words(asked.vi.format(vi=vi), asked.en.format(en=en, in_en=in_en))


def _stretch(name: str) -> tuple[str, str, str, str]:
    first = fold(name).split()[:1]
    return next((stretch for stretch in _STRETCHES if [stretch[0]] == first), _ROUND)


# ── What may be typed ───────────────────────────────────────────────────────────────────────────────────────────


def read(text: str, prediction: Prediction) -> int | None:
    """The number that somebody typed, as it is kept; nothing typed is `None`. Refuses what is not such a number.

    A refused text leaves the earlier number as it was (§21.3).
    """
    tidy = _SPACES.sub(" ", text).strip()
    if not tidy:
        return None
    return _percentage(tidy, prediction.decimals) if prediction.target == "P_PERCENT" else _whole(tidy)


def write(value: int, prediction: Prediction, language: str) -> str:
    """A kept number as it is printed: `4.312`, or `34,55 %`; English prints `4,312` and `34.55%`."""
    english = language == "en"
    if prediction.target != "P_PERCENT":
        return f"{value:,}" if english else f"{value:,}".replace(",", ".")
    whole, rest = divmod(value, 10**prediction.decimals)
    digits = f"{rest:0{prediction.decimals}d}"
    return f"{whole}.{digits}%" if english else f"{whole},{digits} %"


def spell(value: int, prediction: Prediction, language: str) -> str:
    """A kept number in words, to be shown before it is saved: `bốn nghìn ba trăm mười hai`."""
    if prediction.target != "P_PERCENT":
        return in_words(value, language)
    words = decimal_in_words(value, prediction.decimals, language)
    return f"{words} percent" if language == "en" else f"{words} phần trăm"


def _whole(text: str) -> int:
    value = int(re.sub("[. ]", "", text)) if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text) else -1
    if not 0 <= value <= LARGEST:
        raise Unreadable("Vui lòng nhập một số nguyên từ 0 đến 99.999.999, ví dụ 4.312 hoặc 4312.")
    return value


def _percentage(text: str, decimals: int) -> int:
    found = _PERCENT.fullmatch(text)
    most = 100 * 10**decimals
    digits = (found[2] or "") if found else ""
    value = int(found[1] + digits.ljust(decimals, "0")) if found and len(digits) <= decimals else most + 1
    if value > most:
        raise Unreadable("Vui lòng nhập tỷ lệ từ 0 đến 100, phần lẻ viết sau dấu phẩy, ví dụ 34,55.")
    return value


# ── What is true ────────────────────────────────────────────────────────────────────────────────────────────────


def target(prediction: Prediction, *, all_correct: int, people: int, attempts: int, connected: int) -> int:
    """The number to be predicted, from the counts of a round after the validity check (§8.1–8.2)."""
    if prediction.target == "P_PERCENT":
        scale = 100 * 10**prediction.decimals
        return (2 * scale * all_correct + people) // (2 * people) if people else 0
    counts = {"P_ALLCORRECT": all_correct, "P_PEOPLE": people, "P_ATTEMPTS": attempts, "P_LIVE": connected}
    return counts[prediction.target]


def rows(prediction: Prediction, *, people: int, attempts: int, connected: int) -> int:
    """How many people or attempts the target was counted over; kept beside it when it is frozen."""
    return {"P_ATTEMPTS": attempts, "P_LIVE": connected}.get(prediction.target, people)


def public_count(prediction: Prediction | None, quantity: TargetCode, value: int) -> int | None:
    """What a public counter may say while the round is open; `None` hides it (§8.6).

    The predicted quantity is rounded down to the step. Of a percentage both of its numbers are kept back like that, and
    the percentage itself is hidden.
    """
    if prediction is None or quantity not in _kept_back(prediction.target):
        return value
    if quantity == "P_PERCENT" or not prediction.public_step:
        return None
    return value // prediction.public_step * prediction.public_step


def _kept_back(predicted: TargetCode) -> tuple[TargetCode, ...]:
    return ("P_PERCENT", "P_ALLCORRECT", "P_PEOPLE") if predicted == "P_PERCENT" else (predicted,)


# ── Which number counts ─────────────────────────────────────────────────────────────────────────────────────────


def counting(
    scope: PredictionScope, said: Iterable[Said], attempts: Sequence[Sitting], chosen: Sitting | None
) -> int | None:
    """The prediction of one person that counts, out of all they saved in the round (§8.3).

    `attempts` are theirs in order, without those given back, whose predictions never happened (§21.8); an attempt that
    does not count did happen, and its prediction stands. `chosen` is the counting attempt. What was saved last in the
    first attempt is the first prediction; what was cleared is empty (§21.9).
    """
    if scope == "PER_ROUND_LAST":
        return _last(said)
    if scope == "PER_ATTEMPT":
        return _last(one for one in said if chosen is not None and _given_with(one, chosen))
    return _last(one for one in said if attempts and _given_by(one, attempts[0]))


def by_code(said: Iterable[Said], given_back: Collection[str], latest_us: int) -> Mapping[str, list[Said]]:
    """What each person saved, in order; without what was given with an attempt that was given back, and without what
    was saved outside of an attempt after `latest_us`."""
    found: dict[str, list[Said]] = {}
    for one in said:
        if one.sitting in given_back or (one.sitting is None and one.said_us >= latest_us):
            continue
        found.setdefault(one.code, []).append(one)
    return found


def _last(said: Iterable[Said]) -> int | None:
    """The value saved last; of two at the same instant the later one of the list."""
    last: Said | None = None
    for one in said:
        if last is None or one.said_us >= last.said_us:
            last = one
    return last.value if last is not None else None


def _given_with(one: Said, sitting: Sitting) -> bool:
    """Whether it was saved in this attempt; where that is not said, whether it was saved while the attempt ran."""
    if one.sitting is not None:
        return one.sitting == sitting.id
    return sitting.started_us <= one.said_us <= sitting.submitted_us


def _given_by(one: Said, first: Sitting) -> bool:
    """Whether it was saved in the first attempt, or outside of one before that ended."""
    return one.sitting == first.id if one.sitting is not None else one.said_us <= first.submitted_us


# ── How far it is ───────────────────────────────────────────────────────────────────────────────────────────────


def distance(value: int | None, target: int | None) -> int | None:
    """|prediction − target|; `None`, which is infinite, where either is missing (§8.4–8.5)."""
    return abs(value - target) if value is not None and target is not None else None


def figure(value: int | None, target: int | None, prediction: Prediction) -> int:
    """What rankings compare, low first: the distance, as `not_over` and `lower_first` have it."""
    if value is None or target is None:
        return NOWHERE
    above = value > target
    order = 2 * abs(value - target) + (1 if above and prediction.lower_first else 0)
    return order + _OVER if above and prediction.not_over else order
