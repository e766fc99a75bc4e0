"""The guard of XML: no DTD, no entity, no depth or size that only harms; letters read as they were meant."""

import pytest

from quizapp.formats.xml_guard import BadXml, parse

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><quiz>&lol9;</quiz>"
)


def refusal(data):
    with pytest.raises(BadXml) as caught:
        parse(data)
    return caught.value.sentence


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        b'<!DOCTYPE quiz SYSTEM "http://127.0.0.1/quiz.dtd"><quiz/>',
        b'<!DOCTYPE q [<!ENTITY f SYSTEM "file:///etc/passwd">]><q>&f;</q>',
        b'<!DOCTYPE q [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><q/>',
        b"<!DOCTYPE html><html/>",
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE q [<!ENTITY a "b">]><q>&a;</q>'.encode("utf-16"),
    ],
    ids=["billion laughs", "outer DTD", "outer entity", "parameter entity", "bare", "in UTF-16"],
)
def test_a_dtd_is_refused_before_anything_is_expanded(data):
    assert "DTD hoặc thực thể" in refusal(data)


@pytest.mark.parametrize("data", [b"", b"   ", b"<quiz>", b"<quiz></quizz>", b"text", b"<a/><b/>", b"<a>&unknown;</a>"])
def test_what_is_no_xml_is_refused(data):
    assert refusal(data) == BadXml.sentence


def test_too_deep_and_too_many_elements_are_refused():
    assert "lồng quá sâu" in refusal(b"<a>" * 100 + b"</a>" * 100)
    assert "quá lớn" in refusal(b"<a>" + b"<b/>" * 400_001 + b"</a>")
    assert "quá lớn" in refusal(b"<a " + b" ".join(b'x%d="1"' % n for n in range(65)) + b"/>")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-be"),
        ("UTF-16", "utf-16-le"),
        ("ISO-8859-1", "utf-8"),  # an old export that declares what it is not
        ("windows-1258", "utf-8"),
        ("x-unheard-of", "utf-8"),
    ],
)
def test_vietnamese_letters_are_read_whatever_is_declared(declared, encoding):
    data = f'<?xml version="1.0" encoding="{declared}"?>\n<a>Bảo hiểm xã hội tự nguyện</a>'.encode(encoding)
    assert parse(data).text == "Bảo hiểm xã hội tự nguyện"


def test_an_old_vietnamese_encoding_comes_out_composed():
    typed = "<?xml version='1.0' encoding='windows-1258'?><a>lương hưu, lũ</a>".replace("ũ", "u\u0303")
    assert parse(typed.encode("cp1258")).text == "lương hưu, lũ"


@pytest.mark.parametrize("declared", [b"", b'<?xml version="1.0" encoding="%s"?>'])
@pytest.mark.parametrize("name", [b"zip", b"unicode_escape", b"utf-8", b"idna"])
def test_bytes_that_no_known_encoding_reads_are_refused(declared, name):
    data = (declared % name if declared else b"") + b"<a>\xff\xfe\xfa</a>"
    assert "bảng mã" in refusal(data)
