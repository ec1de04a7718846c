"""统一社会信用代码: the standard's check, reckoned here by its definition and not by our code."""

import random

import pytest

from partners.joining import creditcode
from partners.joining.creditcode import BadCreditCode, parsed

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALID = ("11320000MB151840XJ", "91350100M000100Y43", "92140213MA0AAAAA1M", "52140213MJ0000001P")


def told_apart(place: int, was: str, becomes: str) -> bool:
    """Whether the standard can tell two codes apart that differ at `place` (0 to 17) alone: 3^i × difference mod 31."""
    difference = ALPHABET.index(becomes) - ALPHABET.index(was)
    return (3**place * difference) % 31 != 0 if place < 17 else was != becomes


@pytest.mark.parametrize("code", VALID)
def test_the_vectors_are_valid(code: str) -> None:
    assert parsed(code) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("91350100M000100Y4Z", "第18位“Z”"),
        ("91350100M000100Y44", "校验位"),
        ("9135010OM000100Y43", "第8位“O”"),
        ("91350100M000100Y4", "填写的是17位"),
        ("91350100M000100Y433", "填写的是19位"),
        ("", "填写的是0位"),
        ("统一社会信用代码十八个字的一句话是它", "第1位“统”"),
        ("1132000OMB151840XJ", "第8位“O”"),
        ("11320000MB151840XC", "校验位"),  # letters mapped by their place in ASCII
        ("52140213MJ00000017", "校验位"),  # the sum mod 31, not taken from 31
    ],
)
def test_what_is_wrong_is_said(typed: str, said: str) -> None:
    with pytest.raises(BadCreditCode) as refused:
        parsed(typed)
    assert said in refused.value.message and "没有保存" in refused.value.message


def test_small_letters_full_width_and_blanks_are_put_right() -> None:
    assert parsed(" 91350100-m000 100ｙ４３ ") == "91350100M000100Y43"


def test_every_change_of_one_character_that_the_standard_detects_is_detected() -> None:
    """10,000 random changes of random valid codes, and every single change of one of them."""
    dice = random.Random(32100)
    codes = dict.fromkeys(VALID, 0)
    while len(codes) < 200:
        body = "".join(dice.choice(ALPHABET) for _ in range(17))
        total = sum(ALPHABET.index(one) * 3**place for place, one in enumerate(body))
        codes[body + ALPHABET[(31 - total % 31) % 31]] = 0
    changes = [(VALID[0], place, one) for place in range(18) for one in ALPHABET if one != VALID[0][place]]
    for _ in range(10_000):
        code, place = dice.choice(list(codes)), dice.randrange(18)
        changes.append((code, place, dice.choice(ALPHABET.replace(code[place], ""))))
    missed = []
    for code, place, one in changes:
        changed = code[:place] + one + code[place + 1 :]
        assert creditcode.refusal_for(code) is None
        if (creditcode.refusal_for(changed) is not None) is not told_apart(place, code[place], one):
            missed.append((code, changed))
    assert missed == [] and all(told_apart(place, code[place], one) for code, place, one in changes)
