"""托管花名册 and 报名台账: what the desk lists, prints and exports. No category, no health, no identity number."""

from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple

from django.db.models import Prefetch, Q

from childcare import opening
from childcare.enrolment.said import graded, planned
from childcare.enrolment.todo import unagreed
from childcare.models import CareEnrolmentQuerySet, Centre, Enrolment, Group, Place, PlaceQuerySet
from childcare.opening import Part
from communities import access, consents
from communities.models import Consent, Guardian, User
from communities.workbook import Cell, workbook
from core import clock, masks
from core.verbs import verb

PAGE = 50
LIST = (
    ("中心", 18), ("班", 18), ("姓名", 10), ("性别", 6), ("年龄", 6), ("学校", 20), ("年级", 8), ("班级", 8), ("每周", 12),
    ("用餐", 6), ("午休", 6), ("自行离开", 8), ("开始日期", 12), ("最后一天", 12), ("监护人", 24), ("监护人电话", 28),
)  # fmt: skip
Status = Place.Status


class Line(NamedTuple):
    """One child of the roster. `guardians` are (name, relation, whole phone)."""

    place: Place
    age: int | None
    grade: str
    plan: str
    guardians: list[tuple[str, str, str]]
    agreed: bool

    @property
    def id(self) -> int:
        return self.place.pk


def children(user: User, said: dict[str, Any]) -> PlaceQuerySet:
    """Places that are held, of the reader's communities, by `community`, `centre`, `group`, `q` (a part of the name), `agreed` (no)."""
    found = Place.objects.for_staff(user).held()
    names = {"community": "group__centre__community", "centre": "group__centre", "group": "group"}
    found = found.filter(**{column: said[name] for name, column in names.items() if said.get(name)})
    if said.get("q"):
        found = found.filter(Q(child__name__contains=said["q"]) | Q(child__initials__istartswith=said["q"]))
    if said.get("agreed") == "no":
        found = found.filter(pk__in=unagreed(found).values("pk"))
    return found.order_by("-pk")


def lines(found: PlaceQuerySet) -> list[Line]:
    """Four queries for any number."""
    current = Guardian.objects.current().select_related("guardian").order_by("pk")
    rows = list(
        found.select_related("group__centre__community", "child__care_file").prefetch_related(
            Prefetch("child__guardians", queryset=current, to_attr="answering")
        )
    )
    agreed = consents.held_by([one.child for one in rows], Consent.Purpose.CARE)
    return [_line(one, one.child_id in agreed) for one in rows]


def page_of(user: User, said: dict[str, Any], before: int | None) -> list[Line]:
    """One more than a page, the newest first, after the looks at those on it were written."""
    found = children(user, said)
    rows = lines((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    _looked(user, rows[:PAGE], "托管花名册", "查找在托的孩子")
    return rows


def _sheet(user: User, said: dict[str, Any]) -> list[Line]:
    """All of them by group and name."""
    return lines(children(user, said).order_by("group__centre__name", "group__name", "child__pinyin", "pk"))


@verb()
def paper_of(*, user: User, said: dict[str, Any]) -> list[Line]:
    """The roster for paper, after the looks were written."""
    rows = _sheet(user, said)
    _looked(user, rows, "打印托管花名册", "打印托管花名册", again=True)
    return rows


@verb()
def file_of(*, user: User, said: dict[str, Any], purpose: str) -> IO[bytes]:
    """The roster as an Excel file; who took it away and what for is written down for each community and child. Refuses `NoPurpose`."""
    rows = _sheet(user, said)
    for community in {line.place.group.centre.community for line in rows}:
        access.look(by=user, community=community, what="托管花名册（导出）", purpose=purpose)
    _looked(user, rows, "导出托管花名册", purpose, again=True)
    return workbook("托管花名册", LIST, (list(_cells(line)) for line in rows))


def seen(*, by: User, places: Sequence[Place]) -> None:
    """Another system reads these rows of the list of children."""
    people = [one.child for one in places]
    opening.listed(user=by, children=people, parts={Part.BASIC}, where="在托孩子名单接口", purpose="其他系统读取")


def _looked(by: User, rows: Sequence[Line], where: str, purpose: str, *, again: bool = False) -> None:
    people, parts = [line.place.child for line in rows], {Part.BASIC, Part.GUARDIANS}
    opening.listed(user=by, children=people, parts=parts, where=where, purpose=purpose, again=again)


def enrolments(user: User, said: dict[str, Any]) -> CareEnrolmentQuerySet:
    """What was handed in, by `community`, `centre`, `state`; the newest first."""
    found = Enrolment.objects.for_staff(user).exclude(status=Enrolment.Status.WITHDRAWN, submitted_at=None)
    names = {"community": "centre__community", "centre": "centre", "state": "status"}
    narrowed = {column: said[name] for name, column in names.items() if said.get(name)}
    return (
        found.filter(**narrowed)
        .select_related("centre", "group", "guardian", "child", "decided_by", "place")
        .order_by("-pk")
    )


def enrolment_page(user: User, said: dict[str, Any], before: int | None) -> list[Enrolment]:
    """One more than a page."""
    found = enrolments(user, said)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def centres(user: User) -> list[Centre]:
    """Of the reader's communities."""
    return list(Centre.objects.for_staff(user).order_by("name", "pk"))


def groups(user: User) -> list[Group]:
    """Open ones of the reader's communities."""
    found = Group.objects.for_staff(user).filter(status=Group.Status.OPEN).select_related("centre")
    return list(found.order_by("centre__name", "name", "pk"))


def _line(place: Place, agreed: bool) -> Line:
    file = getattr(place.child, "care_file", None)
    answering: list[Guardian] = place.child.answering  # type: ignore[attr-defined]
    people = [(one.guardian.name, one.relation, one.guardian.phone) for one in answering]
    grade = graded(file.grade) if file else ""
    return Line(place, place.child.age_on(clock.today()), grade, planned(place.plan), people, agreed)


def _cells(line: Line) -> Iterator[Cell]:
    place, child = line.place, line.place.child
    file = getattr(child, "care_file", None)
    yes = {True: "是", False: ""}
    yield from (place.group.centre.name, place.group.name, child.name, file.get_sex_display() if file else "", line.age)
    yield from (file.school if file else "", line.grade, file.school_class if file else "", line.plan)
    yield from (yes[place.lunch], yes[place.nap], yes[place.alone], place.starts_on, place.ends_on)
    yield "、".join(f"{name}（{relation}）" for name, relation, _ in line.guardians)
    yield "、".join(masks.phone(phone) for _, _, phone in line.guardians if phone)
