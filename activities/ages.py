"""年龄: who is old enough for which service, and with whom (domain guide, 3.6; 民法典 18-20; 志愿服务条例 15).

Under 8 one only comes along; from 8 to 13 with a guardian who agreed, whose phone signs up, and who is there; from 14 to 17
with a guardian's consent; nothing dangerous under 18.
"""

from activities.agreed import Agreed
from activities.models import Activity, Means, Participation
from communities import guardians
from communities.models import Resident, User
from core import clock
from core.refusals import Refused

TINY, CHILD, ADULT = guardians.TINY, guardians.CHILD, 18


class TooSmall(Refused):
    code = "under_eight"
    message = "未满8周岁的孩子可以由家长带着一起参加，不单独报名，不记录服务时长。这次没有报名。"


class ConsentMissing(Refused):
    code = "guardian_consent_missing"
    message = (
        "未满18周岁参加志愿服务，要监护人先同意，这次没有报名。请监护人在“我的—孩子”里同意，或一起到社区窗口办理。"
    )


class GuardianMissing(Refused):
    code = "guardian_missing"
    message = "未满14周岁的孩子由监护人用自己的手机报名，并一起到场，这次没有报名。请监护人先到社区窗口登记。"


class Dangerous(Refused):
    code = "dangerous_for_minors"
    message = "这个活动可能有人身危险，只接受18岁以上的居民，这次没有报名。请看看其他活动。"


class AgeUnknown(Refused):
    code = "age_unknown"
    message = "这个活动可能有人身危险，要先确认年满18岁，这次没有报名。请带证件到社区窗口登记出生日期。"


class ConsentEnded(Refused):
    code = "guardian_consent_missing"
    message = (
        "监护人的同意已经撤回或监护关系已经结束，这次没有登记。请监护人先在“我的—孩子”里同意，或一起到社区窗口办理。"
    )


class GuardianNotThere(Refused):
    code = "guardian_not_there"
    message = "未满14周岁的孩子要有监护人在场，这次没有记录。监护人到场后，请先在名单上点“监护人在场”，再记录。"


def age_at(activity: Activity, resident: Resident) -> int | None:
    """Full years on the day of the activity; None when nobody knows."""
    return resident.age_on(clock.local(activity.starts_at).date())


def refusal_for_age(activity: Activity, resident: Resident, agreed: Agreed | None = None) -> Refused | None:
    """Why somebody of this age does not take part, whoever signs up; None when nothing stands against it.

    The activity's own limits are asked in activities/joining.py. No query but for those under age; a list passes `agreed`.
    """
    age = age_at(activity, resident)
    if activity.dangerous and (age is None or age < ADULT):
        return AgeUnknown() if age is None else Dangerous()
    if age is None or age >= ADULT:
        return None
    if age < TINY:
        return TooSmall()
    # Who is 14 goes to a lecture as everybody does: that is no service.
    asked = activity.volunteering or age < CHILD
    agreed = agreed or Agreed([resident.pk])
    if asked and not agreed.holds(resident):
        return ConsentMissing()
    return GuardianMissing() if age < CHILD and agreed.guardian_of(resident) is None else None


def consent_ended(activity: Activity, resident: Resident, agreed: Agreed | None = None) -> Refused | None:
    """Why somebody under age who is on the list is not written down as having come: what the guardian agreed to has ended since.

    Whoever says first that the person came asks: the code, a list, the desk, a paper sheet. What was seen while it stood is kept.
    """
    refused = refusal_for_age(activity, resident, agreed)
    return ConsentEnded() if isinstance(refused, ConsentMissing | GuardianMissing) else None


def guardian_for(
    activity: Activity, resident: Resident, by: User | None, before: Resident | None = None
) -> Resident | None:  # fmt: skip
    """Who comes along with a child under 14: whose phone it is, who was put down `before` and still answers for the child,
    else who agreed; None for everybody older.
    """
    age = age_at(activity, resident)
    if age is None or age >= CHILD:
        return None
    if by is not None and (acting := guardians.guardian_by(resident, by)):
        return acting
    if before and guardians.answers_for(before, resident):
        return before
    return guardians.agreed_by(resident)


def guardian_was_there(mine: Participation, by: User) -> bool:
    """Whether the guardian of `mine` was seen: somebody ticked it, or the guardian's own phone scanned. Refuses `GuardianNotThere`.

    False for everybody who needs none; asked when a service is recorded.
    """
    if mine.guardian_id is None or mine.guardian_there or mine.arrived_how == Means.CODE:
        return mine.guardian_id is not None
    if Resident.objects.filter(pk=mine.guardian_id, account=by).exists():
        return True
    raise GuardianNotThere
