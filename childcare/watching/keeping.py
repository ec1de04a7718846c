"""我的信息: what is kept of a child in care, for its guardian (and for the child once it is fourteen), and of who pays."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Q

from childcare.billing import splitting
from childcare.enrolment.steps import HEALTH
from childcare.models import (
    Attendance,
    Bill,
    CareFile,
    Carer,
    Contact,
    Enrolment,
    Handover,
    HandoverNote,
    Pickup,
    PickupCode,
    Place,
    speaking_guardians,
)
from communities.copying import Cell, Section
from communities.models import Resident
from communities.sealing import unseal, unseal_facts

Rows = Iterator[Sequence[Cell]]


def file(child: Resident) -> Rows:
    for one in CareFile.objects.filter(child=child):
        yield "学校", one.school
        yield "年级", "" if one.grade is None else str(one.grade)
        yield "班级", one.school_class
        yield "监护人工作单位", one.workplace
        yield "离开托管的日期", one.left_on
        said = unseal_facts(bytes(one.health) if one.health else None)
        for name, field in HEALTH.items():
            yield f"健康：{field.label}", "是" if said.get(name) is True else str(said.get(name) or "")


def people(child: Resident) -> Rows:
    """Who may be called or collect; a code's own digits are kept nowhere."""
    for contact in Contact.objects.filter(child=child).order_by("order"):
        yield f"紧急联系人{contact.order}", contact.name, contact.relation, contact.phone, contact.at, None
    for carer in Carer.objects.filter(child=child).order_by("pk"):
        yield "委托照护人", carer.name, carer.relation, carer.phone, carer.at, carer.ended_at
    for one in Pickup.objects.filter(child=child).order_by("pk"):
        yield (
            "接送人",
            one.name,
            one.relation,
            f"{one.phone} 证件后四位{one.id_tail}",
            one.at,
            one.revoked_at or one.valid_until,
        )
    for code in PickupCode.objects.filter(child=child).order_by("pk"):
        yield "一次性接送码", code.name, code.relation, "", code.at, code.used_at or code.revoked_at


def places(resident: Resident) -> Rows:
    """Of who pays as long as they speak for the child: where it is looked after is no more theirs to read then."""
    wards = speaking_guardians().filter(guardian=resident).values("child")
    mine = Place.objects.filter(Q(child=resident) | Q(payer=resident, child__in=wards))
    for one in mine.select_related("group__centre").order_by("pk"):
        yield str(one.group.centre), str(one.group), one.get_status_display(), one.joined_at, one.starts_on, one.ends_on


def days(child: Resident) -> Rows:
    """When it came and left, with whom; what the morning look said is part of its health."""
    left = {
        (one.place_id, one.day): f"{one.get_way_display()}{one.taken_by}，{one.get_check_used_display()}"
        for one in Handover.objects.filter(child=child)
    }
    notes: dict[tuple[int, date], list[str]] = {}
    for note in HandoverNote.objects.filter(handover__child=child).select_related("handover").order_by("pk"):
        notes.setdefault((note.handover.place_id, note.handover.day), []).append(note.text)
    for one in Attendance.objects.filter(place__child=child).order_by("day", "pk"):
        seen = unseal(bytes(one.state_sealed)) if one.state_sealed else ""
        yield (
            one.day,
            one.arrived_at,
            one.left_at,
            one.get_absence_display(),
            left.get((one.place_id, one.day), ""),
            "；".join(notes.get((one.place_id, one.day), [])),
            seen,
        )


def bills(resident: Resident) -> Rows:
    """How it was reduced stands in the copy of the child and of who speaks for it, not of one who merely pays."""
    mine = Bill.objects.filter(Q(child=resident) | Q(payer=resident))
    wards = set(speaking_guardians().filter(guardian=resident).values_list("child", flat=True))
    for one in mine.order_by("month", "pk"):
        split = splitting.opened(one) if one.child_id in {resident.pk, *wards} else None
        off = split.reduction if split else 0
        yield (
            f"{one.month:%Y-%m}", *(f"{cents / 100:.2f}元" for cents in (
                one.fee_cents + off, off, one.offset_cents, one.due_cents, one.paid_cents,
            )), one.points, one.get_status_display(),
        )  # fmt: skip


def enrolments(resident: Resident) -> Rows:
    """What a draft says is read on the page where it is filled in."""
    mine = Enrolment.objects.filter(Q(child=resident) | Q(guardian=resident))
    for one in mine.select_related("centre").order_by("pk"):
        yield (
            str(one.centre),
            one.get_status_display(),
            one.started_at,
            one.submitted_at,
            one.decided_at,
            one.get_decline_display(),
        )


SECTIONS = (
    Section("care-file", "托管档案", ("项目", "内容"), file),
    Section("care-people", "托管联系人和接送人", ("身份", "姓名", "关系", "电话", "登记时间", "结束"), people),
    Section("care-places", "托位", ("中心", "班", "状态", "登记时间", "开始", "最后一天"), places),
    Section("care-days", "到班和接送", ("日期", "到班", "离开", "缺勤", "接走人", "交接更正", "晨午检"), days),
    Section("care-bills", "托管账单", ("月份", "标准费", "优待减免", "积分抵扣", "应付", "已缴", "使用积分", "状态"), bills),
    Section("care-enrolments", "托管报名", ("中心", "状态", "开始填写", "提交", "核对", "未通过原因"), enrolments),
)  # fmt: skip
