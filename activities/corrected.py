"""What was decided about somebody's service, as the resident reads it: the message of a correction, and what can be appealed.

`participation:<number>` is what was confirmed, or that somebody was marked absent; `correction:<number>` what a correction made of it.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse

from activities.models import Award, Correction, Participation
from communities import appeals
from communities.models import Resident
from core import words
from notifications.outbox import Words, tell
from points.models import Debt

MINE = "activities:hours"
Status = Participation.Status


def tell_everybody(correction: Correction, award: Award | None, people: Iterable[Resident]) -> None:
    """Whose hours they are, and whose points, hear of an approved correction."""
    said = words_of(correction, award)
    for person in people:
        tell(resident=person, occasion=f"correction:{correction.pk}:approved", words=said)


def words_of(correction: Correction, award: Award | None) -> Words:
    """Old and new, why, what is owed, and until when one may object."""
    activity = correction.participation.activity
    said = f"《{activity.title}》的记录已更正：{change_of(correction)}。原因：{correction.reason}。"
    if award and award.status == Award.Status.NOTICE:
        said += "新的积分公示期满没有异议后入账。"
    if owed := _owed(correction):
        said += f"其中{words.points(owed)}积分已经用掉，记为待抵扣，以后获得的积分先抵扣，不用交钱。"
    until = words.day(_last_day(correction))
    return Words(
        "服务记录已更正", f"{said}有不同意见，到{until}为止可以申诉。", reverse("appeal", args=[about(correction)])
    )


def words_for_proposer(correction: Correction) -> Words:
    """To the colleague whose proposal was not approved."""
    part = correction.participation
    said = f"您提出的{part.resident.name}《{part.activity.title}》记录更正未通过，记录没有变动。原因：{correction.decline_reason}"
    return Words("记录更正未通过", said, reverse("desk:correction", args=[correction.pk]))


def change_of(correction: Correction) -> str:
    """服务时长120分钟改为90分钟，积分20改为15."""
    volunteering = correction.participation.activity.volunteering
    new = 0 if correction.new_points is None else correction.new_points
    points = f"积分{correction.old_points}改为{new}"
    if correction.new_minutes == 0:
        return f"改为未到场，{points}"
    if correction.old_minutes == 0:
        return f"未到场改为到场{f'，服务时长{correction.new_minutes}分钟' if volunteering else ''}，{points}"
    return f"服务时长{correction.old_minutes}分钟改为{correction.new_minutes}分钟，{points}"


def about(correction: Correction) -> str:
    return f"correction:{correction.pk}"


def _owed(correction: Correction) -> int:
    """What of the old award is still to be paid, after the new one."""
    key = f"participation:{correction.participation_id}:back:{correction.pk}"
    return sum(Debt.objects.filter(entry__key=key).values_list("remaining", flat=True))


def _last_day(correction: Correction) -> date:
    at, street = correction.decided_at, correction.participation.activity.community.sub_district_id
    assert at is not None
    return appeals.days_to_file(street, [at])[at]


def participation_about(resident: Resident, number: int) -> appeals.Decision | None:
    """The decision `participation:<number>`: confirmed so, or marked absent. What was corrected is appealed as the correction."""
    own = Participation.objects.filter(Q(resident=resident) | Q(guardian=resident), pk=number)
    first = own.exclude(corrections__status=Correction.Status.APPROVED)
    part = first.select_related("activity__community").first()
    if part is None:
        return None
    decided_at = part.confirmed_at if part.status == Status.CONFIRMED else part.absent_at
    if decided_at is None:
        return None
    present = part.status == Status.CONFIRMED
    return appeals.Decision(
        about=f"participation:{part.pk}", subject=f"《{part.activity.title}》{'服务记录' if present else '标记为未到场'}",
        decided_at=decided_at, decided_by_id=part.confirmed_by_id if present else part.absent_by_id,
        community=part.activity.community, link=reverse(MINE), value=_value(part),
        prepared_by_id=part.recorded_by_id if present else None,
    )  # fmt: skip


def _value(part: Participation) -> str:
    if part.status != Status.CONFIRMED:
        return "未到场"
    service = f"服务{part.minutes}分钟，" if part.activity.volunteering else ""
    return f"{service}{words.points(part.points or 0)}积分"


def correction_about(resident: Resident, number: int) -> appeals.Decision | None:
    """The decision `correction:<number>`, once two people have made it."""
    mine = Q(participation__resident=resident) | Q(participation__guardian=resident)
    found = Correction.objects.filter(mine, pk=number, status=Correction.Status.APPROVED)
    one = found.select_related("participation__activity__community").first()
    if one is None or one.decided_at is None:
        return None
    return appeals.Decision(
        about=about(one), subject=f"更正《{one.participation.activity.title}》的服务记录", decided_at=one.decided_at,
        decided_by_id=one.decided_by_id, community=one.participation.activity.community, link=reverse(MINE),
        value=change_of(one)[:200], prepared_by_id=one.proposed_by_id,
    )  # fmt: skip


def register() -> None:
    appeals.register("participation", participation_about)
    appeals.register("correction", correction_about)
