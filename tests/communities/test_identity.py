"""Numbers of the standard are known, however they are typed; what Excel spoilt or a hand mistyped is refused with a reason."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given, strategies as st

from communities import identity
from communities.identity import OldNumber, SpoiltNumber, WrongNumber, clean
from communities.models import Resident

TODAY = date(2026, 11, 22)
CARD, OTHER = Resident.Document.ID_CARD, Resident.Document.OTHER
born = st.dates(date(1897, 1, 1), date(2026, 11, 22))
areas = st.sampled_from(["110105", "440524", "140213", "810000", "820000", "830000", "911101"])


def numbered(area: str, day: date, serial: int) -> str:
    digits = f"{area}{day:%Y%m%d}{serial:03}"
    return digits + identity.check(digits)


@pytest.mark.parametrize(
    ("number", "day"),
    [("11010519491231002X", date(1949, 12, 31)), ("440524188001010014", date(1880, 1, 1))],
)
def test_the_samples_of_the_standard_are_valid_in_their_day(number: str, day: date) -> None:
    found = clean(number, on=date(2000, 1, 1))
    assert found == (CARD, number, day)
    assert found.tail == number[-4:]


@given(areas, born, st.integers(0, 999), st.data())
def test_a_number_is_the_same_however_it_is_typed(area: str, day: date, serial: int, data: st.DataObject) -> None:
    number = numbered(area, day, serial)
    full = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    typed = data.draw(
        st.sampled_from([number, number.lower(), full, f" {number[:6]} {number[6:]}　", f"'{number}", f"‘{number}"])
    )
    assert clean(typed, on=TODAY) == (CARD, number, day)
    assert clean(typed, OTHER, on=TODAY).document == CARD  # whatever the column says


@given(areas, born, st.integers(0, 999), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_seen(area: str, day: date, serial: int, place: int, char: str) -> None:
    number = numbered(area, day, serial)
    wrong = number[:place] + char + number[place + 1 :]
    if wrong != number:
        with pytest.raises(WrongNumber):
            clean(wrong, on=TODAY)


@given(areas, born, st.integers(0, 999), st.integers(0, 16))
def test_two_neighbours_that_changed_places_are_seen(area: str, day: date, serial: int, place: int) -> None:
    number = numbered(area, day, serial)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(WrongNumber):
            clean(swapped, on=TODAY)


@given(areas, born, st.integers(0, 999))
@example("140213", date(1958, 5, 2), 12)
def test_what_excel_made_of_a_number_is_refused_and_says_how_to_mend_it(area: str, day: date, serial: int) -> None:
    value = float(numbered(area, day, serial)[:17] + "0")
    for typed in (repr(value), f"{value:.2E}", f"{value:.0e}", f"{value:G}"):
        with pytest.raises(SpoiltNumber, match="文本"):
            clean(typed, on=TODAY)
        with pytest.raises(SpoiltNumber):
            clean(typed, OTHER, on=TODAY)


def test_fifteen_digits_that_excel_kept_of_eighteen_are_told_from_a_slip() -> None:
    with pytest.raises(SpoiltNumber):
        clean("140213195805021000", on=TODAY)
    with pytest.raises(WrongNumber, match="校验位"):
        clean("140213195805021235", on=TODAY)


def test_numbers_of_fifteen_digits_are_out_of_use() -> None:
    with pytest.raises(OldNumber, match="15位"):
        clean("140213580502123", on=TODAY)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("20261123", "还没有到"),
        ("18951122", "超过130年"),
        ("19580230", "不存在"),
        ("19581301", "不存在"),
        ("00000101", "不存在"),
    ],
)
def test_a_birthday_that_cannot_be_is_refused(day: str, sentence: str) -> None:
    digits = f"140213{day}012"
    with pytest.raises(WrongNumber, match=sentence):
        clean(digits + identity.check(digits), on=TODAY)


def test_born_today_and_the_oldest_that_may_be_are_accepted() -> None:
    assert clean(numbered("140213", TODAY, 1), on=TODAY).birth_date == TODAY
    assert clean(numbered("140213", date(1896, 11, 22), 1), on=TODAY).birth_date == date(1896, 11, 22)
    assert clean(numbered("140213", date(1895, 11, 23), 1), on=TODAY).birth_date == date(1895, 11, 23)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("e1234 5678", "E12345678"), ("Ｈ１２３４５６７（8）", "H12345678"), ("CHN110000010101", "CHN110000010101")],
)
def test_other_documents_are_letters_and_digits(typed: str, kept: str) -> None:
    assert clean(typed, OTHER, on=TODAY) == (OTHER, kept, None)


@pytest.mark.parametrize("typed", ["", "A12", "护照12345", "A" * 21, "12;34567", "E1234\x005678"])
def test_what_is_no_document_is_refused(typed: str) -> None:
    for kind in (CARD, OTHER):
        with pytest.raises(WrongNumber):
            clean(typed, kind, on=TODAY)


@given(st.text(max_size=30), st.sampled_from([CARD, OTHER]))
def test_any_text_is_a_number_or_a_refusal(text: str, kind: str) -> None:
    with suppress(WrongNumber):
        found = clean(text, kind, on=TODAY)
        assert clean(found.text, kind, on=TODAY) == found  # cleaning twice changes nothing
        assert 5 <= len(found.text) <= 20
