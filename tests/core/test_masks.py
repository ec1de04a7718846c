"""遮挡: what is hidden stays hidden for every name and number there may be (domain guide, 13.3)."""

import pytest
from hypothesis import given, strategies as st

from core import masks

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
DIGITS = st.characters(min_codepoint=0x30, max_codepoint=0x39)


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        ("张三", "张*"), ("张小明", "张*明"), ("欧阳小明", "欧阳*明"), ("欧阳明", "欧阳*"), ("欧阳", "欧*"), ("呼延灼", "呼延*"),
        ("阿依古江", "阿**江"), ("阿依古丽·江", "阿**丽"), ("古丽·江", "古*"), ("江·买买提", "江*"), ("王", "王*"), ("", "*"),
    ],
)  # fmt: skip
def test_names_as_the_guide_says(whole: str, shown: str) -> None:
    assert masks.name(whole) == shown


@given(st.text(HAN, min_size=2, max_size=8))
def test_of_a_name_two_characters_and_a_surname_at_most_are_seen(whole: str) -> None:
    shown = masks.name(whole)
    assert "*" in shown and len(shown.replace("*", "")) <= 3 < len(whole) + 2
    assert shown != whole and len(shown.replace("*", "")) < len(whole)


@given(st.text(HAN, min_size=1, max_size=5), st.text(HAN, min_size=1, max_size=8))
def test_what_follows_the_dot_is_never_seen(first: str, rest: str) -> None:
    assert masks.name(f"{first}·{rest}") == masks.name(f"{first}·") and "·" not in masks.name(f"{first}·{rest}")


@given(st.text(DIGITS, min_size=11, max_size=11))
def test_of_a_phone_the_middle_is_hidden(number: str) -> None:
    assert masks.phone(number) == f"{number[:3]}****{number[7:]}"


@given(st.text(DIGITS, min_size=18, max_size=18))
def test_of_an_identity_number_the_birth_part_is_never_seen(number: str) -> None:
    assert masks.document(number) == f"{number[:3]}{'*' * 11}{number[14:]}"
    assert masks.document(f"{number}43") == f"{number[:3]}{'*' * 11}{number[14:]}**"


@given(st.text(DIGITS, min_size=5, max_size=14))
def test_of_another_document_four_characters_are_seen(number: str) -> None:
    assert masks.document(number) == "*" * (len(number) - 4) + number[-4:]
