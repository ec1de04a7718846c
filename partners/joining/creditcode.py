"""统一社会信用代码, GB 32100-2015: seventeen characters and one that checks them.

A code that fits is not yet a code that is registered: staff look it up by hand (checking.py).
"""

from unicodedata import normalize

from core.refusals import BadInput, Refused

LENGTH = 18
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
LOOK = "没有保存。请对照证照原件重新填写。"


class BadCreditCode(BadInput):
    code = "bad_credit_code"
    message = f"统一社会信用代码不对，{LOOK}"


def normalised(typed: str) -> str:
    """As it is kept: half width, capitals, without blanks and dashes."""
    return "".join(normalize("NFKC", typed).upper().replace("-", "").split())


def check_character(body: str) -> str:
    """The eighteenth character of seventeen."""
    total = sum(weight * CHARACTERS.index(character) for weight, character in zip(WEIGHTS, body, strict=True))
    return CHARACTERS[-total % 31]


def refusal_for(code: str) -> Refused | None:
    """What is wrong with a normalised `code`: its length, a character, or the last one; None when it fits."""
    if len(code) != LENGTH:
        return BadCreditCode(f"统一社会信用代码是{LENGTH}位，填写的是{len(code)}位，{LOOK}")
    strange = next(((place, one) for place, one in enumerate(code, 1) if one not in CHARACTERS), None)
    if strange:
        place, one = strange
        return BadCreditCode(
            f"统一社会信用代码第{place}位“{one}”不会出现（只有数字和I、O、S、V、Z以外的大写字母），{LOOK}"
        )
    if check_character(code[:-1]) != code[-1]:
        return BadCreditCode(f"统一社会信用代码的校验位（最后一位）对不上，可能有一位填错了，{LOOK}")
    return None


def parsed(typed: str) -> str:
    """The code as it is kept. Refuses `BadCreditCode`."""
    code = normalised(typed)
    if refused := refusal_for(code):
        raise refused
    return code
