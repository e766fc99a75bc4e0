"""An address is a video of a known provider or a stream of one's own, or it is refused with a sentence."""

import pytest

from quizapp.errors import Unreadable
from quizapp.rules.stream import Stream
from quizapp.rules.stream_address import Address, embed, page, read, sources

SITE = "https://thi.tinh.gov.vn"
YOUTUBE = Address("youtube", "dQw4w9WgXcQ")
FACEBOOK = Address("facebook", "1234567890123")


@pytest.mark.parametrize(
    "pasted",
    [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "  https://youtube.com/watch?v=dQw4w9WgXcQ&t=30s#binh-luan  ",
        "https://m.youtube.com/watch?app=mobile&v=dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ?si=abc",
        "youtu.be/dQw4w9WgXcQ",
        "https://www.youtube.com/live/dQw4w9WgXcQ?feature=share",
        "https://youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "HTTPS://WWW.YOUTUBE.COM:443/watch?v=dQw4w9WgXcQ",
    ],
)
def test_a_youtube_video_is_known_by_its_id(pasted):
    assert read(pasted, SITE) == YOUTUBE


@pytest.mark.parametrize(
    "pasted",
    [
        "https://www.facebook.com/watch/?v=1234567890123",
        "https://www.facebook.com/watch/live/?ref=share&v=1234567890123",
        "https://facebook.com/bhxh.tinh/videos/1234567890123/",
        "https://m.facebook.com/bhxh.tinh/videos/hoi-thi/1234567890123",
        "https://web.facebook.com/video.php?v=1234567890123",
    ],
)
def test_a_facebook_video_is_known_by_its_number(pasted):
    assert read(pasted, SITE) == FACEBOOK


@pytest.mark.parametrize(
    ("pasted", "provider", "kept"),
    [
        ("https://phat.tinh.gov.vn/thi/index.m3u8", "hls", "https://phat.tinh.gov.vn/thi/index.m3u8"),
        ("https://Phat.Tinh.gov.vn:8888/thi/a.m3u8?k=1#x", "hls", "https://phat.tinh.gov.vn:8888/thi/a.m3u8?k=1"),
        ("https://thi.tinh.gov.vn/phat-thu/a.m3u8#x", "hls", "/phat-thu/a.m3u8"),
        ("/phat-thu/a.m3u8?k=1", "hls", "/phat-thu/a.m3u8?k=1"),
        ("https://phat.tinh.gov.vn:8889/thi/whep", "whep", "https://phat.tinh.gov.vn:8889/thi/whep"),
        ("https://phat.tinh.gov.vn/whep/thi?k=1", "whep", "https://phat.tinh.gov.vn/whep/thi?k=1"),
    ],
)
def test_a_stream_of_ones_own_is_kept_by_its_address(pasted, provider, kept):
    assert read(pasted, SITE) == Address(provider, kept)


def test_where_things_are_tried_out_the_own_site_needs_no_certificate():
    assert read("http://127.0.0.1:8000/phat-thu/a.m3u8", "http://127.0.0.1:8000") == Address("hls", "/phat-thu/a.m3u8")


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "javascript:alert(1)",
        "javascript://www.youtube.com/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd.m3u8",
        "ftp://phat.tinh.gov.vn/a.m3u8",
        "http://phat.tinh.gov.vn/a.m3u8",
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com@mallory.example/watch?v=dQw4w9WgXcQ",
        "https://user:secret@phat.tinh.gov.vn/a.m3u8",
        "https://www.youtube.com.mallory.example/watch?v=dQw4w9WgXcQ",
        "https://wwwyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com./watch?v=dQw4w9WgXcQ",
        "https://youtube。com/watch?v=dQw4w9WgXcQ",
        "https://уoutube.com/watch?v=dQw4w9WgXcQ",
        "https://youtu.be\\@mallory.example/dQw4w9WgXcQ",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "https://www.facebook.com:8443/watch/?v=1234567890123",
        "https://phat.tinh.gov.vn:0/a.m3u8",
        "https://phat.tinh.gov.vn:65536/a.m3u8",
        "https://phat.tinh.gov.vn:/a.m3u8",
        "https://phat.tinh.gov.vn:80:80/a.m3u8",
        "https://127.0.0.1/a.m3u8",
        "https://localhost/thi/whep",
        "https://10.0.0.1/a.m3u8",
        "https://[::1]/a.m3u8",
        "https://2130706433/a.m3u8",
        "https:///a.m3u8",
        "https://phat.tinh.gov.vn",
        "https://phat.tinh.gov.vn/index.html",
        "https://phat.tinh.gov.vn/trang?x=.m3u8",
        "https://phat.tinh.gov.vn/a b.m3u8",
        "https://phat.tinh.gov.vn/a.m3u8\nhttps://x.example/a.m3u8",
        'https://phat.tinh.gov.vn/"onload="x.m3u8',
        "//mallory.example/a.m3u8",
        "https://thi.tinh.gov.vn//mallory.example/a.m3u8",
        "/phat-thu/../../etc/passwd.m3u8",
        "/toi",
        "https://thi.tinh.gov.vn/phong/482913",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&v=mallorymall",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/@bhxh/live",
        "https://www.youtube.com/embed/dQw4w9WgXcQ/../x",
        "https://youtu.be/a/dQw4w9WgXcQ",
        "https://fb.watch/abcDEF/",
        "https://www.facebook.com/bhxh.tinh",
        "https://www.facebook.com/bhxh.tinh/photos/1234567890123",
        "https://www.facebook.com/watch/?v=12ab",
        "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fmallory.example",
        "https://" + "a" * 64 + ".vn/a.m3u8",
        "https://" + "a." * 126 + "vn/a.m3u8",
        "https://phat.tinh.gov.vn/" + "a" * 500 + ".m3u8",
        "hội thi",
    ],
)
def test_whatever_else_is_pasted_is_refused_with_a_sentence(pasted):
    with pytest.raises(Unreadable) as refusal:
        read(pasted, SITE)
    assert refusal.value.sentence[0].isupper()
    assert refusal.value.sentence.endswith(".")


def test_a_frame_shows_the_providers_own_player_by_id():
    assert embed(YOUTUBE).startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?")
    assert embed(FACEBOOK).endswith("href=https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D1234567890123")
    assert embed(Address("hls", "/phat-thu/a.m3u8")) == ""


def test_a_video_of_a_provider_has_a_page_there():
    assert page(YOUTUBE) == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert page(FACEBOOK) == "https://www.facebook.com/watch/?v=1234567890123"
    assert page(Address("whep", "https://phat.tinh.gov.vn/thi/whep")) == ""


@pytest.mark.parametrize(
    ("stream", "allowed"),
    [
        (Stream(provider="youtube", id="dQw4w9WgXcQ"), {"frame-src": "https://www.youtube-nocookie.com"}),
        (FACEBOOK, {"frame-src": "https://www.facebook.com"}),
        (Address("hls", "/phat-thu/a.m3u8"), {"media-src": "'self' blob:"}),
        (
            Address("hls", "https://phat.vn:8888/a.m3u8?k=1"),
            {"media-src": "'self' blob: https://phat.vn:8888", "connect-src": "https://phat.vn:8888"},
        ),
        (Address("whep", "https://phat.vn/thi/whep"), {"connect-src": "https://phat.vn"}),
    ],
)
def test_a_page_may_load_what_its_stream_needs_and_nothing_else(stream, allowed):
    assert sources(stream) == allowed
