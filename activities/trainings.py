"""培训记录 (民政部令第67号, 8): what volunteers learnt. Never hours of service, never points."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from activities.models import Training
from communities import duties
from communities.kin import refusal_between
from communities.models import Community, Resident, User
from core import clock, masks
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

PAGE = 50
PEOPLE = 200
SHOWN = 5  # complaints at once
BETWEEN = re.compile(r"[\t ,，、]+")
UNWRITABLE = re.compile("[\0\ud800-\udfff]")


class AlreadyEntered(Refused):
    code = "training_entered"
    message = "名单里有人的这次培训已经登记过，这次没有登记。请去掉已登记的人再提交。"


class OwnTraining(Refused):
    code = "own_training"
    message = "不能登记自己、家人或由您代办的居民的培训，请由同事登记。这次没有登记。"
    status = 403


class InTheFuture(BadInput):
    code = "training_in_future"
    message = "培训日期还没有到，这次没有登记。请核对日期。"


class BadPeople(BadInput):
    code = "training_people"

    def __init__(self, complaints: Sequence[str]) -> None:
        more = f"等共{len(complaints)}处" if len(complaints) > SHOWN else ""
        super().__init__(f"{'；'.join(complaints[:SHOWN])}{more}。这次没有登记，请改好再提交。")


class AlreadyVoided(Refused):
    code = "training_voided"
    message = "这条培训记录已经作废，没有再改动。"


REFUSALS: Refusals = {"training_once": lambda _: AlreadyEntered(), "CL001": lambda _: BadPeople(["名单里有人已经注销"])}


@dataclass(frozen=True)
class Lesson:
    """What the training was; `minutes` of learning."""

    name: str
    content: str
    host: str
    minutes: int
    on: date


def named(community: Community, typed: str) -> list[Resident]:
    """The confirmed residents of `community` of whom `typed` says one a row: 姓名, and the phone's last four if two share it.

    One query. Refuses `BadPeople`, naming the rows.
    """
    lines = [(number, text.strip()) for number, text in enumerate(typed.splitlines(), 1) if text.strip()]
    read = [(number, *BETWEEN.sub("\t", text, count=1).partition("\t")[::2]) for number, text in lines]
    people: dict[str, list[Resident]] = {}
    mine = Resident.objects.filter(community=community, status=Resident.Status.CONFIRMED)
    for one in mine.filter(name__in={name for _, name, _ in read}).order_by("pk"):
        people.setdefault(one.name, []).append(one)
    found = [_meant(number, name, tail.strip(), people.get(name, [])) for number, name, tail in read]
    complaints = [one for one in found if isinstance(one, str)]
    if complaints or not 0 < len(found) <= PEOPLE:
        raise BadPeople(complaints or [f"名单须有1到{PEOPLE}人"])
    return list({one.pk: one for one in found if isinstance(one, Resident)}.values())


def _meant(number: int, name: str, tail: str, people: list[Resident]) -> Resident | str:
    found = [one for one in people if not tail or one.phone.endswith(tail[-4:])]
    if len(found) == 1:
        return found[0]
    if not found:
        return f"第{number}行没有找到已确认的居民“{name}”"
    tails = "、".join(masks.phone(one.phone) or "没有手机" for one in found)
    return f"第{number}行有{len(found)}位“{name}”（{tails}），请在姓名后写手机号后四位"


@verb(REFUSALS)
def enter(
    *, community: Community, residents: Sequence[Resident], lesson: Lesson, by: User, at: datetime | None = None
) -> list[Training]:
    """Write down who took part in `lesson`, all or nobody. Refuses `OwnTraining`, `InTheFuture`, `AlreadyEntered`."""
    duties.require(by, community)
    at = at or clock.now()
    texts = (lesson.name, lesson.content, lesson.host)
    if any(not text.strip() or UNWRITABLE.search(text) for text in texts) or not residents:
        raise BadInput
    if lesson.on > clock.local(at).date():
        raise InTheFuture
    if refused := refusal_between(by=by, beneficiaries=residents, family=OwnTraining()):
        raise refused
    return Training.objects.bulk_create(
        Training(
            community=community, resident=one, name=lesson.name, content=lesson.content, minutes=lesson.minutes,
            host=lesson.host, on=lesson.on, by=by, at=at,
        )
        for one in residents
    )  # fmt: skip


@verb()
def void(*, training: Training, by: User, at: datetime | None = None) -> Training:
    """Strike out what was entered by mistake; the row stays. Refuses `AlreadyVoided`, `OwnTraining`."""
    mine = (
        Training.objects.select_for_update(no_key=True, of=("self",))
        .select_related("community", "resident")
        .get(pk=training.pk)
    )
    duties.require(by, mine.community)
    if refused := refusal_between(by=by, beneficiaries=[mine.resident], family=OwnTraining()):
        raise refused
    if mine.voided_at:
        raise AlreadyVoided
    mine.voided_at, mine.voided_by = at or clock.now(), by
    mine.save(update_fields=["voided_at", "voided_by"])
    return mine


def for_staff(user: User) -> QuerySet[Training]:
    return Training.objects.filter(community__in=Community.objects.for_staff(user))


def page_of(user: User, q: str, before: int | None) -> list[Training]:
    """One more than a page, the newest first; `q` is a part of the training's name or of the person's."""
    rows = for_staff(user).select_related("resident", "community", "by")
    if q:
        rows = rows.filter(name__contains=q) | rows.filter(resident__name__contains=q)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])


def of(resident: Resident) -> list[Training]:
    """What counts, the newest first."""
    return list(Training.objects.filter(resident=resident, voided_at=None).order_by("-on", "-pk"))
