"""公示: what is shown to everybody before it becomes final. The scheme's own rule; no law asks for it (domain guide, 21.17).

This home knows nothing of what is shown. An app registers a prefix, prepares lines that name what is to become final by
`prefix:number`, and asks `require_clear` before it does. Publishing, objections and who is shown by name have files of their own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from communities import calendar, duties, settings, wording
from communities.models import Community, Notice, NoticeItem, Objection, Resident, User
from communities.paging import number
from core import clock, words
from core.refusals import Refused
from core.verbs import Refusals, verb

BY_HAND = "notice"
MOST = 500  # lines of one notice
TITLE, TEXT, SAID, SUBJECT = 60, 500, 100, 60  # characters


class BadNotice(Refused):
    code = "bad_notice"
    message = f"公示要有标题（不超过{TITLE}字），说明不超过{TEXT}字。这次没有保存。"
    status = 400


class BadLine(Refused):
    code = "bad_notice_line"
    message = f"名单每一项要有对象和内容，内容不超过{SAID}字，一份公示最多{MOST}项。这次没有保存。"
    status = 400


class AlreadyShown(Refused):
    code = "already_shown"
    message = "名单里有一项正在公示或已经公示过，不能重复列入。这次没有保存。"


class NotADraft(Refused):
    code = "notice_published"
    message = "这份公示已经发布或撤下，名单不能再改。这次没有改动。"


class NotClear(Refused):
    code = "notice_not_clear"
    message = "这件事还没有公示期满，现在不能办，什么都没有改动。"


REFUSALS: Refusals = {"notice_item_once": lambda _: AlreadyShown()}


@dataclass(frozen=True)
class Line:
    """`said` of one `resident`, or of a `subject` that is no person. Without `about` the line stands for itself."""

    said: str
    resident: Resident | None = None
    subject: str = ""
    about: str = ""


class State(StrEnum):
    NONE = "none"  # never shown, or withdrawn: to be shown first
    WAITING = "waiting"
    OBJECTED = "objected"  # an objection waits for its answer
    STOPPED = "stopped"  # an objection was upheld
    CLEAR = "clear"


@dataclass(frozen=True)
class Standing:
    """How what `about` names stands; `until` is the last day of its window, once it was published."""

    about: str
    state: State
    until: date | None = None
    notice: Notice | None = None


Listener = Callable[[NoticeItem], None]


class Home(NamedTuple):
    on_clear: Listener | None
    on_stop: Listener | None
    registered: bool = False


_homes: dict[str, Home] = {BY_HAND: Home(None, None)}


def register(
    prefix: str, *, on_clear: Listener | None = None, on_stop: Listener | None = None, registered: bool = False
) -> None:  # fmt: skip
    """`prefix:number` may be shown; `registered`: its subjects are firms, shown by their names whatever these look like.

    Listeners are called with the item in the transaction that ends or stops it:

    `on_clear` when the whole notice ended (`require_clear` may say yes before), `on_stop` when an objection was upheld
    (`item.stopped_at`) or the notice was withdrawn.
    """
    _homes[prefix] = Home(on_clear, on_stop, registered)


def told(item: NoticeItem, *, clear: bool) -> None:
    """Tell the app whose item this is."""
    home = _homes.get(item.about.partition(":")[0], _homes[BY_HAND])
    listener = home.on_clear if clear else home.on_stop
    if listener:
        listener(item)


def last_days(notices: Iterable[Notice]) -> dict[int, date]:
    """The last day of each published notice: the day that was told, or a later one if a holiday was declared since.

    Two queries for each sub-district among them; `community` should be selected with them.
    """
    published = [(one, one.opens_on, one.published_at) for one in notices]
    known = [(one, opens, at) for one, opens, at in published if opens and at]
    days: dict[int, date] = {}
    for street in {one.community.sub_district_id for one, _, _ in known}:
        mine = [row for row in known if row[0].community.sub_district_id == street]
        asked = settings.over_time(settings.NOTICE_DAYS, street)
        working = calendar.calendar_of(street, min(opens for _, opens, _ in mine))
        for one, opens, at in mine:
            days[one.pk] = max(one.closes_on or opens, working.told_at(at).add(opens, asked(opens)))
    return days


def standings(abouts: Iterable[str], *, at: datetime | None = None) -> dict[str, Standing]:
    """How each stands, the newest notice of each counting; three queries for any number within one sub-district."""
    asked, today = list(abouts), clock.local(at or clock.now()).date()
    open_ones = Objection.objects.open().filter(Q(item=OuterRef("pk")) | Q(item=None), notice=OuterRef("notice"))
    items = NoticeItem.objects.filter(about__in=asked).annotate(objected=Exists(open_ones))
    newest = list(items.select_related("notice__community").order_by("about", "-pk").distinct("about"))
    until = last_days([item.notice for item in newest if item.notice.status == Notice.Status.OPEN])
    found = {item.about: _standing(item, until.get(item.notice_id), item.objected, today) for item in newest}
    return {about: found.get(about) or Standing(about, State.NONE) for about in asked}


def _standing(item: NoticeItem, until: date | None, objected: bool, today: date) -> Standing:
    notice = item.notice
    state = State.CLEAR
    if item.stopped_at:
        state = State.STOPPED
    elif not item.live or notice.status in (Notice.Status.DRAFT, Notice.Status.WITHDRAWN):
        state = State.NONE
    elif notice.status == Notice.Status.OPEN and objected:
        state = State.OBJECTED
    elif notice.status == Notice.Status.OPEN and until and today <= until:
        state = State.WAITING
    return Standing(item.about, state, until or notice.closes_on, notice)


def standing(about: str, *, at: datetime | None = None) -> Standing:
    """How what `about` names stands."""
    return standings([about], at=at)[about]


def refusal_for(found: Standing) -> Refused | None:
    """Why it cannot become final yet; None when its window has ended and nobody's objection is open."""
    day = words.day(found.until) if found.until else ""
    reasons = {
        State.NONE: "这件事还没有公示，现在不能办，什么都没有改动。请先公示，期满没有异议再办。",
        State.WAITING: f"公示到{day}为止，期满没有异议才能办，什么都没有改动。请在那以后再办。",
        State.OBJECTED: "公示期间有人提出异议，还没有答复，现在不能办，什么都没有改动。请先答复异议。",
        State.STOPPED: "公示期间异议成立，这件事已经停止，什么都没有改动。更正后可以重新公示。",
    }
    return NotClear(reasons[found.state]) if found.state in reasons else None


def require_clear(about: str, *, at: datetime | None = None) -> None:
    """What a verb asks before something becomes final. Refuses `NotClear`, naming the day or the reason."""
    if refused := refusal_for(standing(about, at=at)):
        raise refused


@verb(REFUSALS)
def prepare(
    *, community: Community, title: str, by: User, text: str = "", lines: Sequence[Line] = (), at: datetime | None = None
) -> Notice:  # fmt: skip
    """A draft; somebody else publishes it. Refuses a stranger, `BadNotice`, and what `add_lines` refuses."""
    duties.require(by, community)
    title, text = title.strip(), text.strip()
    if not 0 < len(title) <= TITLE or len(text) > TEXT or "\0" in title + text:
        raise BadNotice
    if refused := wording.refusal_for(community, [("标题", title), ("说明", text)]):
        raise refused
    made = Notice.objects.create(
        community=community, title=title, text=text, prepared_by=by, prepared_at=at or clock.now()
    )
    _write(made, lines)
    return made


@verb(REFUSALS)
def add_lines(*, notice: Notice, lines: Sequence[Line], by: User) -> None:
    """More lines of a draft. Refuses a stranger, `NotADraft`, `BadLine`, `AlreadyShown` and what may not be said."""
    _write(draft(notice, by), lines)


@verb()
def drop_line(*, item: NoticeItem, by: User) -> None:
    """Take a line off a draft. Refuses a stranger and `NotADraft`."""
    draft(item.notice, by)
    item.delete()


def draft(notice: Notice, by: User) -> Notice:
    """The notice, locked. Refuses a stranger and `NotADraft`."""
    mine = locked(notice)
    duties.require(by, mine.community)
    if mine.status != Notice.Status.DRAFT:
        raise NotADraft
    return mine


def locked(notice: Notice) -> Notice:
    """Publishing, objecting, answering and ending stand in line behind the notice's row."""
    mine = Notice.objects.select_for_update(no_key=True, of=("self",))
    return mine.select_related("community").get(pk=notice.pk)


def refusal_to_show(notice: Notice, lines: Sequence[Line]) -> Refused | None:
    """Why these lines, with what stands on the notice already, cannot be shown."""
    texts = [("标题", notice.title), ("说明", notice.text)]
    for place, line in enumerate(lines, 1):
        home = _homes.get(line.about.partition(":")[0], _homes[BY_HAND])
        texts += [(f"第{place}项的对象", "" if home.registered else line.subject), (f"第{place}项的内容", line.said)]
    listed = {line.resident.pk for line in lines if line.resident}
    listed.update(notice.items.exclude(resident=None).values_list("resident", flat=True))
    return wording.refusal_for(notice.community, texts, listed)


def lines_of(items: Iterable[NoticeItem]) -> list[Line]:
    """What stands on a notice, as it was prepared."""
    return [Line(item.said, item.resident, item.subject, item.about) for item in items]


def _write(notice: Notice, lines: Sequence[Line]) -> None:
    lines = [Line(one.said.strip(), one.resident, one.subject.strip(), one.about) for one in lines]
    street = notice.community.sub_district_id
    if not all(_whole(line, street) for line in lines) or notice.items.count() + len(lines) > MOST:
        raise BadLine
    if refused := refusal_to_show(notice, lines) or _persons_as_subjects(street, lines):
        raise refused
    NoticeItem.objects.bulk_create(
        NoticeItem(
            pk=pk, notice=notice, about=line.about or f"{BY_HAND}:{pk}", resident=line.resident, subject=line.subject,
            said=line.said,
        )
        for pk, line in zip(_numbers(len(lines)), lines, strict=True)
    )  # fmt: skip


def _whole(line: Line, street: int) -> bool:
    prefix, _, digits = line.about.partition(":")
    named = not line.about or (prefix in _homes and prefix != BY_HAND and number(digits) > 0)
    of_one = (line.resident is None) is not (line.subject == "")
    here = line.resident is None or line.resident.community.sub_district_id == street
    fits = 0 < len(line.said) <= SAID and len(line.subject) <= SUBJECT and "\0" not in line.said + line.subject
    return named and of_one and here and fits


def _persons_as_subjects(street: int, lines: Sequence[Line]) -> Refused | None:
    """Nobody is shown in full by being written as if no person."""
    subjects = {wording.bare(line.subject) for line in lines if line.subject}
    found = Resident.objects.filter(community__sub_district=street, name__in=subjects) if subjects else None
    name = found.values_list("name", flat=True).first() if found else None
    return wording.NotToBeShown("名单", f"居民姓名“{name}”（居民请按居民列入，姓名会隐去部分字）") if name else None


def _numbers(count: int) -> list[int]:
    """Drawn first, so that a line that stands for itself can name itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('communities_noticeitem', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [pk for (pk,) in cursor.fetchall()]
