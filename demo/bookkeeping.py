"""What the nightly jobs left behind: the sums of every day, and the newest check of the books."""

from demo.asked import Asked
from points import checking, folding
from points.models import BookCheck


def close(asked: Asked) -> None:
    """What happened until now is folded and checked."""
    folding.fold(at=asked.now)
    if not BookCheck.objects.exists():
        checking.check(asked.now)
