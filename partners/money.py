"""Yuan as staff, finance and a merchant read them on statements; residents read points alone."""


def yuan(fen: int) -> str:
    """1,286.50, of so many fen."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02}"
