"""What a code says: 128 random bits for the QR, eight digits for reading aloud."""

import secrets


def new_token() -> str:
    """128 random bits: what the QR code says."""
    return secrets.token_hex(16)


def new_number() -> str:
    """Seven digits and one that finds a slip of the tongue, for reading aloud."""
    digits = f"{secrets.randbelow(10**7):07d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The digit after `digits` (Luhn)."""
    doubled = [int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def slipped(number: str) -> bool:
    """Whether these are no eight digits with the right last one: misheard or mistyped, not worth a look."""
    return not (number.isascii() and number.isdecimal() and len(number) == 8 and check_digit(number[:7]) == number[7])


def spoken(number: str) -> str:
    """4821 0736: in fours, for reading aloud."""
    return f"{number[:4]} {number[4:]}"
