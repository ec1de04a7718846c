"""Counts of the audit pack that are read from rows: how many minors, which of their data, consents, requests, who may look."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from childcare.models import (
    Attendance,
    Barred,
    Bill,
    CareFile,
    Carer,
    Centre,
    Cleared,
    Contact,
    Handover,
    Incident,
    Pickup,
    Place,
    Staffer,
)
from communities.models import Consent, Duty, Evidence, Guardian, Resident, RightsRequest
from core import clock

CHILD, ADULT = 14, 18
YOUNG, TEEN = "young", "teen"
Line = tuple[str | int, ...]


class Scope(NamedTuple):
    """Which communities (numbers), which year: from `first` to before `after`; `day` is its last day so far."""

    communities: tuple[int, ...]
    year: int
    first: datetime
    after: datetime
    day: date

    def within(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self.first, f"{column}__lt": self.after})


def born_after(day: date, age: int) -> date:
    """Whoever was born after it is younger than `age` on `day`; on 29 February as on the 28th."""
    return (
        day.replace(year=day.year - age, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - age)
    )


def minors(scope: Scope) -> QuerySet[Resident]:
    """Everybody younger than 18 on the last day of the year whose file is not closed."""
    files = Resident.objects.filter(community__in=scope.communities, registered_at__lt=scope.after)
    return files.exclude(status=Resident.Status.CLOSED).filter(birth_date__gt=born_after(scope.day, ADULT))


def _split(scope: Scope, people: QuerySet[Resident]) -> tuple[int, int]:
    """(younger than 14, 14 to 17)."""
    young = Q(birth_date__gt=born_after(scope.day, CHILD))
    found = people.aggregate(young=Count("pk", filter=young), teen=Count("pk", filter=~young))
    return found[YOUNG], found[TEEN]


def ages(scope: Scope) -> Iterator[Line]:
    everybody = minors(scope)
    in_care = Place.objects.held_on(scope.day).values("child")
    yield "有档案的未成年人", *_split(scope, everybody)
    yield "其中在托管中心的", *_split(scope, everybody.filter(pk__in=in_care))
    yield "有监护人手机办理的", *_split(scope, everybody.filter(account=None))


def fields(scope: Scope) -> Iterator[Line]:
    """Of how many minors each kind of data is kept today, and what for."""
    everybody = minors(scope)
    here: list[tuple[str, str, QuerySet[Resident]]] = [
        ("姓名和出生日期", "建档、年龄要求", everybody),
        ("手机号", "本人登录、通知", everybody.exclude(phone="")),
        ("证件号（加密）", "核对身份，只在需要时登记", everybody.exclude(document="")),
        ("监护人和关系", "监护人代为办理", _who(everybody, Guardian.objects.current().values("child"))),
        ("学校、年级、班级", "托管分班", _who(everybody, CareFile.objects.exclude(school="").values("child"))),
        ("健康情况（加密）", "托管照护，单独同意", _who(everybody, CareFile.objects.exclude(health=None).values("child"))),
        ("紧急联系人", "接不到孩子时打电话", _who(everybody, Contact.objects.values("child"))),
        ("委托照护人", "父母外出时照护", _who(everybody, Carer.objects.filter(ended_at=None).values("child"))),
        ("接送人", "放学放人前核对", _who(everybody, Pickup.objects.standing().values("child"))),
        ("禁止接走（加密）", "按法院等文书保护孩子", _who(everybody, Barred.objects.filter(ended_at=None).values("child"))),
        ("到班记录", "托管考勤和账单", _who(everybody, Attendance.objects.values("place__child"))),
        ("接送记录", "谁接走了孩子", _who(everybody, Handover.objects.values("child"))),
        ("托管账单", "收费", _who(everybody, Bill.objects.values("child"))),
        ("优待依据（加密）", "减免，单独同意", _who(everybody, Evidence.objects.exclude(facts=None).values("resident"))),
    ]  # fmt: skip
    for what, purpose, found in here:
        yield what, purpose, *_split(scope, found)


def _who(people: QuerySet[Resident], rows: QuerySet[Any, Any]) -> QuerySet[Resident]:
    return people.filter(pk__in=rows)


def consents(scope: Scope) -> Iterator[Line]:
    """Of files of minors: given and withdrawn in the year, standing at its end."""
    mine = Consent.objects.filter(resident__in=minors(scope))
    standing = Q(given_at__lt=scope.after) & (Q(withdrawn_at=None) | Q(withdrawn_at__gte=scope.after))
    found = mine.values("purpose").annotate(
        given=Count("pk", filter=scope.within("given_at")), taken=Count("pk", filter=scope.within("withdrawn_at")),
        stands=Count("pk", filter=standing),
    )  # fmt: skip
    for one in found.order_by("purpose"):
        yield Consent.Purpose(one["purpose"]).label, one["given"], one["taken"], one["stands"]


def rights(scope: Scope) -> Iterator[Line]:
    """What was asked about minors' data in the year, and how often the answer came late."""
    mine = RightsRequest.objects.filter(scope.within("filed_at"), resident__in=minors(scope))
    late = Q(answered_at__date__gt=F("answer_by")) | Q(status="filed", answer_by__lt=clock.today())
    found = mine.values("kind", "status").annotate(many=Count("pk"), late=Count("pk", filter=late))
    for one in found.order_by("kind", "status"):
        kind, status = RightsRequest.Kind(one["kind"]), RightsRequest.Status(one["status"])
        yield kind.label, status.label, one["many"], one["late"]


def incidents(scope: Scope) -> Iterator[Line]:
    days = {"found_on__gte": scope.first.date(), "found_on__year": scope.year}
    for one in Incident.objects.filter(community__in=scope.communities, **days).order_by("found_on", "pk"):
        yield one.get_what_display(), f"{one.found_on}", one.children, _said(one.told_on), _said(one.reported_on)


def cleared(scope: Scope) -> Iterator[Line]:
    """What was deleted because its time was over."""
    gone: Counter[str] = Counter()
    for kind, count in Cleared.objects.filter(community__in=scope.communities, on__year=scope.year).values_list(
        "kind", "count"
    ):
        gone[kind] += count
    for kind in Cleared.Kind:
        if gone[kind]:
            yield kind.label, gone[kind]


FILES = (Duty.Role.HEAD, Duty.Role.WORKER, Duty.Role.STREET_ADMIN, Duty.Role.CAREGIVER, Duty.Role.CLIENT)


def staff(scope: Scope) -> Iterator[Line]:
    """Whose duty opened files of children on some day of the year."""
    held = Duty.objects.filter(
        Q(community__in=scope.communities) | Q(sub_district__communities__in=scope.communities), role__in=FILES,
        starts_on__lt=clock.local(scope.after).date(),
    ).filter(Q(ends_on=None) | Q(ends_on__gte=clock.local(scope.first).date()))  # fmt: skip
    posts = _posts(scope)
    for duty in held.distinct().select_related("user", "community", "sub_district").order_by("community", "role", "pk"):
        post = posts[duty.user_id] if duty.role == Duty.Role.CAREGIVER else []
        role = "、".join(post) or duty.get_role_display()
        yield str(duty.community or duty.sub_district), duty.user.name, role, f"{duty.starts_on}", _said(duty.ends_on)


def _posts(scope: Scope) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    mine = Staffer.objects.filter(centre__in=Centre.objects.filter(community__in=scope.communities)).exclude(
        account=None
    )
    for one in mine.select_related("centre").order_by("pk"):
        found[one.account_id or 0].append(f"{one.centre}{'负责人' if one.is_lead else '老师'}")
    return found


def _said(day: date | None) -> str:
    return f"{day}" if day else ""
