"""变更记录 and 查看记录 as an auditor reads them: scopes, filters, and words for what the triggers wrote down."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.apps import apps
from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from communities import duties
from communities.models import Change, Community, Duty, Estate, Grid, Look, Resident, Setting, SubDistrict, User
from core import clock, masks, words

Role = Duty.Role
Log = TypeVar("Log", Change, Look)
NOBODY = "系统"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")
WORDS = {
    "resident": "居民档案", "consent": "同意", "helper": "亲友代办", "card": "积分卡", "duty": "职责", "setting": "设置", "user": "账号",
}  # fmt: skip

# What the log keeps as a number and a reader knows by name.
NAMED: dict[str, type[Community] | type[Estate] | type[Grid] | type[SubDistrict]] = {
    "community_id": Community, "estate_id": Estate, "grid_id": Grid, "sub_district_id": SubDistrict,
}  # fmt: skip

# Whose account or duty a change is about; of a duty that is gone the row of the log says it.
WHOSE = Case(
    When(what="user", then=F("row")),
    When(
        what="duty",
        then=Coalesce(
            Subquery(Duty.objects.filter(pk=OuterRef("row")).values("user")),
            Cast(KeyTextTransform("0", KeyTextTransform("user_id", "fields")), BigIntegerField()),
            Cast(KeyTextTransform("1", KeyTextTransform("user_id", "fields")), BigIntegerField()),
        ),
    ),
    output_field=BigIntegerField(),
)
COLLEAGUE = Subquery(User.objects.filter(pk=OuterRef("whose"), kind=User.Kind.STAFF).values("name"))


@dataclass(frozen=True)
class Filter:
    """What was asked for; empty means everything. Both days belong to the span."""

    since: date | None = None
    until: date | None = None
    by: str = ""
    resident: int | None = None
    what: str = ""


class Line(NamedTuple):
    """One row of a log in words. Of a change: which fields, from what to what, masked as the trigger wrote them."""

    id: int
    at: datetime
    who: str
    place: str
    whom: str
    what: str
    action: str
    fields: list[tuple[str, str, str]]
    purpose: str
    address: str
    request: str


def register(words: Mapping[str, str]) -> None:
    """From now on a change of these tables is read by these names: `<app>_<model>` → what a reader calls it."""
    WORDS.update(words)


def audits(user: User) -> bool:
    """Whether `user` reads logs anywhere."""
    return Community.objects.for_audit(user).exists()


def changes_for(user: User) -> QuerySet[Change]:
    """Every change in the communities that `user` audits; with the street's, those of its settings, duties and accounts."""
    mine = Community.objects.for_audit(user)
    streets = [one.pk for one in duties.streets_of(user, Role.AUDITOR)]
    placed = Duty.objects.filter(Q(community__in=mine) | Q(sub_district__in=streets))
    people = Q(what="user", row__in=placed.values("user")) | Q(
        what="user", row__in=Resident.objects.filter(community__in=mine).exclude(account=None).values("account")
    )
    of_street = Q(what="setting", row__in=Setting.objects.filter(sub_district__in=streets).values("pk")) | Q(
        what="duty", row__in=Duty.objects.filter(sub_district__in=streets).values("pk")
    )
    # A duty or a setting that was taken back has no row any more.
    gone = Q(fields__sub_district_id__0__in=streets) | Q(fields__sub_district_id__1__in=streets)
    of_street |= Q(what__in=("duty", "setting")) & gone
    return Change.objects.filter(Q(community__in=mine) | (Q(community=None) & (people | of_street)))


def looks_for(user: User) -> QuerySet[Look]:
    """Every look at people of the communities that `user` audits."""
    return Look.objects.filter(community__in=Community.objects.for_audit(user))


def changes_of(resident: Resident) -> QuerySet[Change]:
    """Who changed what in one file."""
    return Change.objects.filter(resident=resident)


def narrowed(rows: QuerySet[Log], asked: Filter) -> QuerySet[Log]:
    """`rows` as they were asked for, the newest first, with the people in them."""
    if asked.since:
        rows = rows.filter(at__gte=clock.at(asked.since, time()))
    if asked.until:
        rows = rows.filter(at__lt=clock.midnight_after(asked.until))
    if asked.by:
        rows = rows.filter(by__in=User.objects.filter(Q(name=asked.by) | Q(username=asked.by)))
    if asked.resident:
        rows = rows.filter(resident=asked.resident)
    if asked.what:
        rows = rows.filter(what=asked.what)
    if rows.model is Change:
        rows = rows.annotate(whose=WHOSE).annotate(colleague=COLLEAGUE)
    return rows.select_related("by", "community", "resident").order_by("-pk")


def who(user: User | None) -> str:
    """A colleague by name; a resident's account masked; what no person did is the system's."""
    if user is None:
        return NOBODY
    if user.kind == User.Kind.RESIDENT:
        return f"居民{masks.name(user.name) if user.name else user.pk}"
    return str(user)


def whom(resident: Resident | None) -> str:
    """王*兰（12）; the number finds the rest of what happened to this file."""
    if resident is None:
        return ""
    closed = resident.status == Resident.Status.CLOSED
    return resident.name if closed else f"{masks.name(resident.name)}（{resident.pk}）"


def spelt(rows: Iterable[Change | Look]) -> Iterator[Line]:
    """Rows of either log in words; they were read with `narrowed`, so that only the names of places are asked for, once."""
    places = {column: dict(model.objects.values_list("pk", "name")) for column, model in NAMED.items()}
    for row in rows:
        change = row if isinstance(row, Change) else None
        place = row.community.name if row.community else ""
        yield Line(
            row.pk, row.at, who(row.by), place, whom(row.resident) or getattr(row, "colleague", None) or "", WORDS.get(row.what, row.what),
            change.get_action_display() if change else "查看", _fields(change, places) if change else [],
            "" if isinstance(row, Change) else row.purpose, row.address, row.request,
        )  # fmt: skip


def _fields(change: Change, places: Mapping[str, dict[Any, str]]) -> list[tuple[str, str, str]]:
    labels, found = _labels(change.what), []
    for name, (old, new) in sorted(change.fields.items()):
        label, choices = labels.get(name, (name, {}))
        choices = places.get(name, choices)
        found.append((label, _said(old, choices), _said(new, choices)))
    return found


def _said(value: Any, choices: Mapping[Any, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and MOMENT.match(value):
        return words.dated(datetime.fromisoformat(value))
    return "空" if value in (None, "") else choices.get(value, str(value))


@cache
def _labels(what: str) -> dict[str, tuple[str, dict[Any, str]]]:
    """Column → its Chinese name and the names of its values."""
    found = (one for one in apps.get_models() if one._meta.db_table in {what, f"communities_{what}"})
    model = next(found, None)  # of a table that is no more the columns stand as they were called
    columns = model._meta.concrete_fields if model else ()
    return {one.attname: (str(one.verbose_name), {key: str(said) for key, said in one.flatchoices}) for one in columns}
