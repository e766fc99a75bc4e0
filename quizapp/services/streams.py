"""The stream beside a show: where its picture comes from, how far its clock is from the server's, where it can be seen
again. The server keeps addresses and never opens one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from quizapp import news
from quizapp.errors import Conflict, Unreadable
from quizapp.models import Show
from quizapp.rules import cue, stream_address
from quizapp.rules.stream import CAP_MS, Provider, Recording, Stream
from quizapp.rules.stream_address import Address
from quizapp.services import player_names
from quizapp.services.lags import stream_of
from quizapp.services.show_news import OffsetMeasured

FARTHEST_MS = 10**14  # beyond any clock: such an offset is a mistake, not a measurement


@dataclass(frozen=True)
class Picture:
    """What a page needs to show a stream after a tap."""

    provider: Provider
    address: str  # of a playlist, an endpoint, or the frame of the provider's own player
    page: str  # where it can be watched at the provider's own place; "" for a stream of one's own
    figure_ms: int  # the organizer's figure for how late it is
    sources: dict[str, str]  # what the page must be allowed to load


def picture(source: Stream | Recording) -> Picture:
    """How this stream, or this recording, is shown."""
    named = Address(source.provider, source.id)
    address = stream_address.embed(named) or source.id
    figure = source.latency_ms if isinstance(source, Stream) else 0
    return Picture(source.provider, address, stream_address.page(named), figure, stream_address.sources(named))


def of(show: Show) -> Picture | None:
    """The picture beside this show, or `None` in a hall."""
    shown = stream_of(show)
    return None if shown is None else picture(shown)


def put(session: Session, show: Show, pasted: str, latency_ms: int | None, own_site: str) -> Stream:
    """Put a stream beside the show; without a figure the usual one of its provider counts.

    Refuses an address that is not on the list, and any change while a question runs or after the end. What was measured
    of another stream is forgotten.
    """
    named = stream_address.read(pasted, own_site)
    usual = stream_address.TYPICAL_MS[named.provider]
    figure = usual if latency_ms is None else latency_ms
    if not 0 <= figure <= CAP_MS:
        raise Unreadable("Độ trễ tính bằng giây, từ 0 đến 30.")
    chosen = Stream(provider=named.provider, id=named.id, latency_ms=figure)
    _may_change(show)
    before = stream_of(show)
    if before is None or (before.provider, before.id) != (chosen.provider, chosen.id):
        show.offset_ms = show.offset_at = None
    if before is None and show.round_id is None:
        player_names.choose(show, "generated")  # from now on anybody can watch; the host may choose otherwise
    show.stream = msgspec.to_builtins(chosen)
    news.tell(session, OffsetMeasured(show.id))
    return chosen


def remove(session: Session, show: Show) -> None:
    """Go on without a stream, as in a hall. Refused while a question runs."""
    _may_change(show)
    show.stream = show.offset_ms = show.offset_at = None
    news.tell(session, OffsetMeasured(show.id))


def measure(session: Session, show: Show, offset_ms: int, *, now: datetime) -> None:
    """Keep how far the stream's own clock is ahead of the programme, as somebody measured it.

    Refuses what cannot be a measurement, and a show without a stream.
    """
    if show.stream is None:
        raise Conflict("Phần thi này không có luồng trực tiếp nên không cần hiệu chỉnh.")
    if abs(offset_ms) > FARTHEST_MS:
        raise Unreadable("Độ lệch này không thể là kết quả đo. Vui lòng đo lại.")
    show.offset_ms, show.offset_at = offset_ms, now
    news.tell(session, OffsetMeasured(show.id))


def recording_of(show: Show) -> Recording | None:
    """Where this show can be seen again, if the organizer said so."""
    return None if show.recording is None else msgspec.convert(show.recording, Recording)


def keep_recording(show: Show, pasted: str, first_ms: int, own_site: str) -> Recording:
    """Say where the show can be seen again, and at which moment of it the first question opens.

    Refuses a show that has not ended, one without a question that was opened, and addresses that keep no picture.
    """
    opened = min((row.opens_at for row in show.turns if row.opens_at is not None), default=None)
    if show.ended_at is None or opened is None:
        raise Conflict("Chỉ thêm được bản ghi hình sau khi phần thi kết thúc và đã có câu hỏi được mở.")
    named = stream_address.read(pasted, own_site)
    if named.provider == "whep":
        raise Unreadable("Điểm phát WebRTC không lưu lại hình. Vui lòng dùng bản ghi HLS, YouTube hoặc Facebook.")
    if not 0 <= first_ms < cue.LONGEST_MS:
        raise Unreadable("Thời điểm phải nằm trong vòng 24 giờ.")
    begins = round(opened.timestamp() * 1_000_000) - first_ms * 1000
    kept = Recording(provider=named.provider, id=named.id, starts_us=begins)
    show.recording = msgspec.to_builtins(kept)
    return kept


def drop_recording(show: Show) -> None:
    """Take the recording away; the questions can still be played as a list."""
    show.recording = None


def _may_change(show: Show) -> None:
    """A window that is moved by a viewer's delay must not lose its stream half-way."""
    if show.ended_at is not None:
        raise Conflict("Phần thi đã kết thúc nên luồng trực tiếp không đổi được nữa.")
    if any(row.n == show.position and row.opens_at is not None and not row.lock_told for row in show.turns):
        raise Conflict("Một câu hỏi đang mở. Vui lòng đổi luồng trực tiếp sau khi câu này kết thúc.")
