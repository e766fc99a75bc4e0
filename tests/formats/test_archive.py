"""Archives: every way a ZIP can do harm is refused with a sentence, and nothing it says about itself is believed."""

import io
import stat
import struct
import zipfile

import pytest

from quizapp.formats import archive
from quizapp.formats.archive import BadArchive, open_checked


def packed(*members, method=zipfile.ZIP_DEFLATED):
    """A ZIP of (name or ZipInfo, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def refusal(data, read=True):
    with pytest.raises(BadArchive) as caught:
        opened = open_checked(data)
        if read:
            opened.read_through()
    return caught.value.sentence


def test_members_are_read_by_name_and_folders_are_left_out():
    opened = open_checked(packed(("items/", b""), ("items/q1.xml", b"<a/>"), ("imsmanifest.xml", b"<m/>")))
    assert opened.names == ("items/q1.xml", "imsmanifest.xml")
    assert "imsmanifest.xml" in opened and "items/" not in opened
    assert opened.read("items/q1.xml") == b"<a/>"


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../up.xml", "a/../../up.xml", "a/..", "./a", "c:\\boot.ini", "C:x", "a\\b.xml", "a//b", "a\nb"],
)
def test_a_name_that_leaves_its_folder_is_refused(name):
    assert "đường dẫn không an toàn" in refusal(packed((name, b"x")))


def test_a_name_that_hides_its_end_behind_a_nul_is_refused():
    data = packed(("aXb.xml", b"x")).replace(b"aXb.xml", b"a\0b.xml")
    assert "đường dẫn không an toàn" in refusal(data)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind):
    link = zipfile.ZipInfo("link.xml")
    link.external_attr = (kind | 0o777) << 16
    assert "liên kết" in refusal(packed((link, b"/etc/passwd")))


@pytest.mark.parametrize("second", ["a.xml", "A.XML", "a.xml/"])
def test_a_name_that_stands_twice_is_refused(second):
    with pytest.warns(UserWarning) if second == "a.xml" else _nothing():
        data = packed(("a.xml", b"1"), (second, b""))
    assert "trùng tên" in refusal(data)


@pytest.mark.parametrize("name", ["inner.zip", "inner.TAR.GZ", "deep/inner.7z", "book.xlsx"])
def test_an_archive_within_is_refused_by_its_name(name):
    assert "tệp nén khác" in refusal(packed((name, b"x")), read=False)


@pytest.mark.parametrize("start", [packed(("q", b"q")), b"\x1f\x8b\x08\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a"])
def test_an_archive_within_is_refused_by_its_first_bytes(start):
    assert "tệp nén khác" in refusal(packed(("q.xml", start)))


def test_two_hundred_members_pass_and_one_more_does_not():
    assert len(open_checked(packed(*((f"{n}.xml", b"x") for n in range(200)))).names) == 200
    assert "hơn 200" in refusal(packed(*((f"{n}.xml", b"x") for n in range(201))))


def test_a_bomb_is_refused_while_it_is_read():
    assert "phình to bất thường" in refusal(packed(("bomb.xml", bytes(15 * 1024 * 1024))))


def test_a_small_member_may_shrink_much():
    assert open_checked(packed(("plain.xml", bytes(archive.RATIO_FROM)))).read("plain.xml") == bytes(archive.RATIO_FROM)


def test_one_member_may_have_twenty_mebibytes_and_no_more():
    data = packed(("big.xml", b"x" * archive.MEMBER_BYTES), method=zipfile.ZIP_STORED)
    assert len(open_checked(data).read("big.xml")) == archive.MEMBER_BYTES
    assert "20 MiB" in refusal(packed(("big.xml", b"x" * (archive.MEMBER_BYTES + 1)), method=zipfile.ZIP_STORED))


def test_all_members_together_may_have_fifty_mebibytes():
    part = b"x" * (17 * 1024 * 1024)
    assert "50 MiB" in refusal(packed(*((f"{n}.xml", part) for n in range(3)), method=zipfile.ZIP_STORED))


def test_reading_the_same_member_again_counts_again():
    opened = open_checked(packed(("big.xml", b"x" * archive.MEMBER_BYTES), method=zipfile.ZIP_STORED))
    opened.read("big.xml")
    opened.read("big.xml")
    with pytest.raises(BadArchive, match="50 MiB"):
        opened.read("big.xml")


def test_a_size_that_lies_is_found_out():
    content = bytes(3 * 1024 * 1024)
    data = bytearray(packed(("lie.xml", content)))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)  # says ten bytes
    assert refusal(bytes(data)) == BadArchive.sentence


def test_a_locked_member_is_refused():
    data = bytearray(packed(("secret.xml", b"x")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    assert "mật khẩu" in refusal(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_way_of_packing_is_refused(method):
    assert "cách nén lạ" in refusal(packed(("q.xml", b"x" * 100), method=method))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive at all", packed(("q.xml", b"text"))[:-30]])
def test_what_is_no_archive_or_cut_short_is_refused(data):
    assert refusal(data) == BadArchive.sentence


def test_a_damaged_member_is_refused():
    data = bytearray(packed(("q.xml", b"noise" * 100), method=zipfile.ZIP_STORED))
    data[100] ^= 0xFF
    assert refusal(bytes(data)) == BadArchive.sentence


class _nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False
