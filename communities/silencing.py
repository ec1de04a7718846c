"""谁不能替孩子说话: an adult whom a paper keeps away from a child speaks for it on no page, whoever else they are.

Whoever knows of such papers (childcare, 禁止接走) answers here; no page says why, since that would tell them.
"""

from collections.abc import Callable

from communities.models import Resident
from core.refusals import Refused

# `asked(child, adult)`: whether a paper that stands names this adult, by file or by name.
Asked = Callable[[Resident, Resident], bool]
_asked: list[Asked] = []


class AtTheWindow(Refused):
    """Says nothing of why."""

    code = "guardian_at_the_window"
    message = "这件事现在不能在手机上办理，什么都没有改动。请带身份证到社区窗口当面办理。"
    status = 403


class MayNotAnswer(Refused):
    """For the colleague at the counter, with the adult standing there."""

    code = "guardian_not_possible"
    message = "这位居民现在不能登记为这个孩子的监护人，没有登记。请联系社区主任。"


def on_ask(asked: Asked) -> None:
    """From now on `asked` answers as well."""
    if asked not in _asked:
        _asked.append(asked)


def silenced(child: Resident, adult: Resident) -> bool:
    """Whether `adult` does not speak for `child`."""
    return any(one(child, adult) for one in _asked)
