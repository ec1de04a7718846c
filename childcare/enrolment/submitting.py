"""提交 and 撤回 of a 托管报名: handed in whole, taken back by the family at any time before it is decided."""

from datetime import datetime

from childcare.enrolment import drafting
from childcare.enrolment.fields import Said
from childcare.enrolment.steps import STEPS
from childcare.models import Centre, Enrolment
from communities import changes, sealing
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import verb

Status = Enrolment.Status


class StepsMissing(Refused):
    code = "care_steps_missing"
    status = 400

    def __init__(self, missing: str) -> None:
        super().__init__(f"还没有填完，没有提交：{missing}。请填好这几步再提交，已填的都保存着。")


class ConsentMissing(Refused):
    code = "care_consent_missing"
    message = "没有提交。报名托管要您同意服务协议和儿童个人信息规则这两项，请读过后勾选；其他各项可以不同意。"
    status = 400


class AloneNotAgreed(Refused):
    code = "care_alone_not_agreed"
    message = "没有提交。第5步选了孩子自行离开，这要您单独同意。请勾选同意，或回到第5步取消自行离开。"
    status = 400


class AlreadyHandedIn(Refused):
    code = "care_enrolment_handed_in"
    message = "这份报名已经提交，不用再交一次。社区核对后会在这里答复。"


class NothingToWithdraw(Refused):
    code = "care_enrolment_over"
    message = "这份报名已经办结或已撤回，没有再改动。"


def refusal_to_submit(enrolment: Enrolment, said: Said) -> Refused | None:
    """Why it is not handed in yet; None when it may be."""
    if enrolment.status != Status.DRAFT:
        return AlreadyHandedIn() if enrolment.status == Status.SUBMITTED else drafting.NotInDraft()
    agreed, service = said.get("consents", {}), said.get("service", {})
    missing = "、".join(one.title for one in drafting.lacking(said))
    reasons: list[tuple[bool, Refused]] = [
        (bool(missing), StepsMissing(missing)),
        (not (agreed.get("care") and agreed.get("child_data")), ConsentMissing()),
        (bool(service.get("alone") and not agreed.get("alone")), AloneNotAgreed()),
    ]
    first = next((refused for stands, refused in reasons if stands), None)
    return first or drafting.refusal_to_begin(enrolment.guardian, enrolment.centre, enrolment.child)


@verb()
def submit(*, enrolment: Enrolment, by: User, at: datetime | None = None) -> Enrolment:
    """Handed in: staff see it now. Whether the guardian's own finger said yes is kept with it.

    Refuses strangers and everything that `refusal_to_submit` says.
    """
    at = at or clock.now()
    changes.by(by)
    locked = drafting.held(enrolment)
    said = drafting.said_in(locked)
    if refused := drafting.refusal_to_write(locked.guardian, by) or refusal_to_submit(locked, said):
        raise refused
    for step in STEPS:  # the day, the group or the file may have changed since it was said
        if step.key in said:
            said[step.key] = step.check(locked, said[step.key])
    said["tapped"] = by.pk if by.kind == User.Kind.RESIDENT else 0
    locked.draft, locked.status, locked.submitted_at = sealing.seal_facts(said), Status.SUBMITTED, at
    locked.save(update_fields=["draft", "status", "submitted_at"])
    return locked


@verb()
def withdraw(*, enrolment: Enrolment, by: User) -> Enrolment:
    """The family changes its mind: nothing of what it wrote is kept. Refuses strangers, `NothingToWithdraw`."""
    changes.by(by)
    locked = drafting.held(enrolment)
    if refused := drafting.refusal_to_write(locked.guardian, by):
        raise refused
    if locked.status not in drafting.OPEN:
        raise NothingToWithdraw
    locked.status, locked.draft = Status.WITHDRAWN, None
    locked.save(update_fields=["status", "draft"])
    return locked


@verb()
def whole(
    *, guardian: Resident, centre: Centre, said: dict[str, Said], by: User, child: Resident | None = None,
    at: datetime | None = None,
) -> Enrolment:  # fmt: skip
    """All seven steps at once, handed in: for another system. Refuses what `begin`, `save_step` and `submit` refuse."""
    mine = drafting.begin(guardian=guardian, centre=centre, by=by, child=child)
    for step in STEPS:
        if step.key in said:
            mine = drafting.save_step(enrolment=mine, step=step, said=said[step.key], by=by)
    return submit(enrolment=mine, by=by, at=at)
