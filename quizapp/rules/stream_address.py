"""Reading the address of a stream as an organizer pastes it: from an allow-list to a provider and an id.

Nothing is fetched here or anywhere on the server; what is kept is a video's id, or an address of one's own that only
browsers open. Whatever cannot be one of these with certainty is refused with a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from quizapp.errors import Unreadable
from quizapp.rules.stream import Provider, Stream

LONGEST = 500
TYPICAL_MS: dict[Provider, int] = {"hls": 8_000, "whep": 500, "youtube": 10_000, "facebook": 10_000}
YOUTUBE_MS = {"ultra-low": 5_000, "low": 10_000, "normal": 25_000}  # by the latency chosen in YouTube's own settings

_WRITTEN = re.compile(r"(https?)://([^/?#]*)(/[^?#]*)?(\?[^#]*)?(?:#.*)?", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_HERE = {"localhost", "127.0.0.1"}  # only as this site itself, where things are tried out
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_LETTERS = re.compile(r"[!#-&(-;=?-\[\]_a-z~]+", re.IGNORECASE)  # of an address: no quotes, brackets, spaces

_YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com", "youtube-nocookie.com", "www.youtube-nocookie.com"}
_YOUTUBE_SHORT = "youtu.be"
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_PATHS = {"live", "shorts", "embed"}
_FACEBOOK = {"facebook.com", "www.facebook.com", "m.facebook.com", "web.facebook.com"}
_FACEBOOK_SHORT = {"fb.watch", "fb.me", "fb.gg"}
_FACEBOOK_ID = re.compile(r"[0-9]{6,20}")
_PAGE = re.compile(r"[A-Za-z0-9.\-]{1,80}")

_UNKNOWN = (
    "Chưa nhận ra địa chỉ này. Hệ thống nhận video YouTube, video Facebook, luồng HLS của đơn vị (địa chỉ https kết "
    "thúc bằng .m3u8) và điểm phát WebRTC (địa chỉ https có phần /whep)."
)


@dataclass(frozen=True)
class Address:
    """What an address names: a video of a provider by its id, or a playlist or endpoint by its own address."""

    provider: Provider
    id: str


@dataclass(frozen=True)
class _Parts:
    scheme: str
    host: str
    port: str
    path: str
    query: str  # with its question mark

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}{':' if self.port else ''}{self.port}"

    @property
    def steps(self) -> list[str]:
        return [step for step in self.path.split("/") if step]

    def value(self, name: str) -> str:
        """The one value of a query field; a field that stands there twice has none."""
        found = [value for key, value in parse_qsl(self.query[1:]) if key == name]
        return found[0] if len(found) == 1 else ""


def read(pasted: str, own_site: str) -> Address:
    """The provider and id of a pasted address; `own_site` is this site's own `https://host` (on a machine for trying
    things out it may be `http`). Refuses everything that is not on the list."""
    typed = pasted.strip()
    if not typed:
        raise Unreadable("Vui lòng dán địa chỉ của luồng trực tiếp.")
    if len(typed) > LONGEST:
        raise Unreadable("Địa chỉ dài quá 500 ký tự. Vui lòng sao chép địa chỉ gốc của video.")
    if not _LETTERS.fullmatch(typed):
        raise Unreadable(
            "Địa chỉ có ký tự lạ hoặc khoảng trắng. Vui lòng sao chép lại từ thanh địa chỉ của trình duyệt."
        )
    if typed.startswith("/"):
        return _own(typed)
    parts = _split(typed if "://" in typed else f"https://{typed}")
    if parts.origin == own_site:
        return _own(parts.path + parts.query)
    if parts.scheme != "https" or parts.host in _HERE:
        raise Unreadable("Địa chỉ phải bắt đầu bằng https:// và mở được từ máy của người xem.")
    if parts.host in _YOUTUBE or parts.host == _YOUTUBE_SHORT:
        return _youtube(parts)
    if parts.host in _FACEBOOK or parts.host in _FACEBOOK_SHORT:
        return _facebook(parts)
    return Address(_kind_of(parts), f"{parts.origin}{parts.path}{parts.query}")


def embed(stream: Stream | Address) -> str:
    """The address of the provider's own player, for a frame that is loaded after a tap; "" where there is none."""
    if stream.provider == "youtube":
        return f"https://www.youtube-nocookie.com/embed/{stream.id}?enablejsapi=1&playsinline=1&rel=0"
    if stream.provider == "facebook":
        return f"https://www.facebook.com/plugins/video.php?show_text=false&href={quote(page(stream), safe='')}"
    return ""


def page(stream: Stream | Address) -> str:
    """Where people watch at the provider's own place; "" for a stream of one's own."""
    if stream.provider == "youtube":
        return f"https://www.youtube.com/watch?v={stream.id}"
    if stream.provider == "facebook":
        return f"https://www.facebook.com/watch/?v={stream.id}"
    return ""


def sources(stream: Stream | Address) -> dict[str, str]:
    """What a page that plays it must be allowed to load, by the names of a content security policy."""
    if stream.provider == "youtube":
        return {"frame-src": "https://www.youtube-nocookie.com"}
    if stream.provider == "facebook":
        return {"frame-src": "https://www.facebook.com"}
    place = "" if stream.id.startswith("/") else _split(stream.id).origin
    if stream.provider == "whep":
        return {"connect-src": place} if place else {}
    return {"media-src": f"'self' blob: {place}".strip(), **({"connect-src": place} if place else {})}


def _split(address: str) -> _Parts:
    found = _WRITTEN.fullmatch(address)
    if found is None:
        raise Unreadable(_UNKNOWN)
    place = found[2].lower()
    if "@" in place:
        raise Unreadable("Địa chỉ không được kèm tên đăng nhập hay mật khẩu (phần đứng trước dấu @).")
    host, colon, port = place.partition(":")
    named = host in _HERE or (_HOST.fullmatch(host) and len(host) <= 253)
    if not named or (colon and not (_PORT.fullmatch(port) and int(port) < 65536)):
        raise Unreadable("Tên máy chủ trong địa chỉ không hợp lệ. Vui lòng sao chép lại địa chỉ.")
    scheme = found[1].lower()
    if port == {"https": "443", "http": "80"}[scheme]:
        port = ""
    return _Parts(scheme, host, port, found[3] or "/", found[4] or "")


def _own(path: str) -> Address:
    """A playlist that this site serves itself."""
    if not urlsplit(path).path.endswith(".m3u8") or path.startswith("//") or ".." in path:
        raise Unreadable("Trên trang này chỉ có thể phát danh sách HLS (địa chỉ kết thúc bằng .m3u8).")
    return Address("hls", path.partition("#")[0])


def _youtube(parts: _Parts) -> Address:
    steps = parts.steps
    if parts.port:
        raise Unreadable(_UNKNOWN)
    if parts.host == _YOUTUBE_SHORT:
        found = steps[0] if len(steps) == 1 else ""
    elif steps == ["watch"]:
        found = parts.value("v")
    else:
        found = steps[1] if len(steps) == 2 and steps[0] in _YOUTUBE_PATHS else ""
    if not _YOUTUBE_ID.fullmatch(found):
        raise Unreadable(
            "Đây chưa phải là địa chỉ của một video YouTube. Vui lòng mở buổi phát trực tiếp, bấm «Chia sẻ» rồi sao "
            "chép đường dẫn."
        )
    return Address("youtube", found)


def _facebook(parts: _Parts) -> Address:
    steps = parts.steps
    if parts.port:
        raise Unreadable(_UNKNOWN)
    if parts.host in _FACEBOOK_SHORT:
        raise Unreadable(
            "Đây là đường dẫn rút gọn của Facebook. Vui lòng mở nó trong trình duyệt rồi sao chép địa chỉ đầy đủ, có "
            "số của video."
        )
    if steps in (["watch"], ["watch", "live"], ["video.php"]):
        found = parts.value("v")
    else:
        is_video = len(steps) in {3, 4} and steps[1] == "videos" and _PAGE.fullmatch(steps[0])
        found = steps[-1] if is_video else ""
    if not _FACEBOOK_ID.fullmatch(found):
        raise Unreadable(
            "Đây chưa phải là địa chỉ của một video Facebook. Vui lòng mở buổi phát trực tiếp rồi sao chép địa chỉ, "
            "dạng facebook.com/…/videos/…."
        )
    return Address("facebook", found)


def _kind_of(parts: _Parts) -> Provider:
    """What an address of one's own serves: a playlist by its ending, or a WHEP endpoint by its name."""
    if parts.path.endswith(".m3u8"):
        return "hls"
    if "whep" in parts.steps:
        return "whep"
    raise Unreadable(_UNKNOWN)
