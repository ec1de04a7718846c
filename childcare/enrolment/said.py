"""Words of a child's file as everybody reads them."""

WEEK = "一二三四五六日"
GRADES = ("学前", *(f"{one}年级" for one in "一二三四五六七八九"))


def graded(grade: int | None) -> str:
    return "" if grade is None else GRADES[grade] if grade < len(GRADES) else f"高中{grade - 9}"


def planned(days: list[int]) -> str:
    """Which days of the week: 周一二三."""
    return "每天" if len(days) == len(WEEK) else "周" + "".join(WEEK[day] for day in sorted(days))
