"""提交 and 撤回 of a 托管报名: handed in whole, taken back by the family at any time before it is decided."""

from collections.abc import Sequence
from datetime import datetime

from childcare.enrolment import drafting
from childcare.enrolment.fields import Said
from childcare.enrolment.steps import LAST, STEPS, Step
from childcare.models import Centre, Enrolment
from communities import changes, sealing
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import verb

Status = Enrolment.Status


class AtStep(Refused):
    """`step` is the number of the step that has to be mended: its page shows this."""

    code = "care_step_wrong"
    status = 400

    def __init__(self, message: str = "", step: int = LAST) -> None:
        super().__init__(message)
        self.step = step


class StepsMissing(AtStep):
    code = "care_steps_missing"

    def __init__(self, missing: Sequence[Step]) -> None:
        titles = "、".join(one.title for one in missing)
        super().__init__(f"还没有填完，没有提交：{titles}。请填好这几步再提交，已填的都保存着。", missing[0].number)


class ConsentMissing(AtStep):
    code = "care_consent_missing"
    message = "没有提交。报名托管要您同意服务协议和儿童个人信息规则这两项，请读过后勾选；其他各项可以不同意。"


class AloneNotAgreed(AtStep):
    code = "care_alone_not_agreed"
    message = "没有提交。第5步选了孩子自行离开，这要您单独同意。请勾选同意，或回到第5步取消自行离开。"


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
    if missing := drafting.lacking(said):
        return StepsMissing(missing)
    reasons: list[tuple[bool, Refused]] = [
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
            said[step.key] = _again(step, locked, said)
    said["tapped"] = by.pk if by.kind == User.Kind.RESIDENT else 0
    locked.draft, locked.status, locked.submitted_at = sealing.seal_facts(said), Status.SUBMITTED, at
    locked.save(update_fields=["draft", "status", "submitted_at"])
    return locked


def _again(step: Step, locked: Enrolment, said: Said) -> Said:
    try:
        return step.kept(locked, said[step.key], said)
    except Refused as refused:
        said_here = f"还没有提交，第{step.number}步“{step.title}”要改：{refused.message}"
        raise AtStep(said_here, step.number) from None


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
