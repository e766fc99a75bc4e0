import unicodedata

from quizapp.rules.words import Piece, fold, mark, snippet, sort_key


def hits(pieces):
    return [piece.text for piece in pieces if piece.hit]


def test_folding_drops_accents_case_and_double_spaces_and_takes_đ_as_d():
    assert fold("  Đóng   bảo HIỂM\nxã hội ") == "dong bao hiem xa hoi"


def test_a_letter_typed_in_two_ways_folds_alike():
    assert fold(unicodedata.normalize("NFD", "Hưởng")) == fold("hưởng") == "huong"


def test_both_places_of_a_mark_fold_alike():
    assert fold("hoà") == fold("hòa")


def test_marking_keeps_every_letter_and_shows_the_phrase_without_accents():
    text = "Mức lương hưu hằng tháng"
    pieces = mark(text, "luong huu")
    assert "".join(piece.text for piece in pieces) == text
    assert hits(pieces) == ["lương hưu"]


def test_single_words_are_marked_where_the_phrase_does_not_stand():
    assert hits(mark("hưu và lương", "luong huu")) == ["hưu", "lương"]


def test_overlapping_hits_are_one():
    assert hits(mark("hằng tháng", "thang hang an")) == ["hằng", "tháng"]


def test_nothing_is_marked_for_nothing():
    assert mark("Điều 1", "  ") == (Piece("Điều 1"),)
    assert mark("", " ") == ()


def test_a_short_text_is_its_own_snippet():
    assert snippet("Mức hưởng", "huong") == mark("Mức hưởng", "huong")


def test_a_snippet_is_cut_at_spaces_around_the_first_hit():
    text = "một " * 60 + "hưu trí " + "hai " * 60
    shown = "".join(piece.text for piece in snippet(text, "huu tri", length=60))
    assert shown.startswith("… một") and shown.endswith("hai …") and "hưu trí" in shown
    assert len(shown) <= 70


def test_a_snippet_without_a_hit_is_the_beginning():
    shown = "".join(piece.text for piece in snippet("một hai " * 40, "khong co", length=40))
    assert shown.startswith("một hai") and shown.endswith(" …")


def test_a_snippet_of_the_end_has_no_dots_after_it():
    shown = "".join(piece.text for piece in snippet("một hai " * 40 + "cuối", "cuoi", length=40))
    assert shown.startswith("… ") and shown.endswith("cuối")


def test_a_word_longer_than_the_snippet_does_not_break_it():
    assert snippet("x" * 300, "y", length=40)


def test_texts_stand_in_the_order_of_the_vietnamese_alphabet():
    row = ["ba", "Ân", "an", "Đào", "dao", "ăn", "ca", "ôm", "om", "ơn", "ưu", "uy", "sẻ"]
    assert sorted(row, key=sort_key) == ["an", "ăn", "Ân", "ba", "ca", "dao", "Đào", "om", "ôm", "ơn", "sẻ", "uy", "ưu"]


def test_marks_of_tone_decide_only_where_the_letters_are_equal():
    row = ["mạ", "má", "mã", "mả", "mà", "ma", "mai"]
    assert sorted(row, key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ", "mai"]


def test_a_shorter_word_comes_before_one_that_goes_on_and_a_text_before_a_longer_one():
    row = ["anh an", "an binh", "an", "anh", "an anh"]
    assert sorted(row, key=sort_key) == ["an", "an anh", "an binh", "anh", "anh an"]


def test_both_places_of_a_mark_case_and_signs_sort_alike():
    assert sort_key("Hoà") == sort_key("hòa") == sort_key(unicodedata.normalize("NFD", "HOÀ"))
    assert sort_key("H’ Hen") == sort_key("h hen") == sort_key("H - Hen")
    assert sort_key("đĕ") == sort_key("đe")
    assert sort_key(" – ") == ""
    assert sort_key("Tổ 2") < sort_key("Tổ 3") < sort_key("Tổ a")
