"""How the residents earned: weekly activities, recorded by one colleague and confirmed by another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from activities import planning, signup
from activities.models import Activity, Participation
from activities.recording import record
from activities.reviewing import confirm
from communities.models import Community, Resident, User
from core import clock
from demo import cast
from demo.asked import Asked
from demo.places import CHONGXI, STREET, WENXING, WENYUAN, YONGAN, Place

Kind = Activity.Kind
SHARE, VOLUNTEERS = 0.1, 0.4  # of a community: who comes to one activity, and from among whom
FEWEST, MOST, SPARE = 4, 30, 4
ADULT = timedelta(days=18 * 366)


@dataclass(frozen=True)
class Program:
    """What is done at one kind of activity."""

    title: str
    spot: str
    content: str
    risk: str
    begins: time
    minutes: int = 120


PROGRAMS = {
    Kind.ENV: Program(
        "清洁家园",
        "居委会门口",
        "清理楼道杂物、小广告和绿地垃圾，工具由社区准备",
        "搬重物请两人一起，注意台阶，戴好手套",
        time(9),
    ),
    Kind.CIV: Program(
        "文明劝导",
        "小区东门",
        "劝导非机动车有序停放、垃圾分类投放",
        "站在人行道内，遇争执不纠缠，及时联系社区",
        time(9),
    ),
    Kind.PAT: Program(
        "邻里巡逻",
        "警务室门口",
        "结伴巡查楼院，提醒消防通道堵塞和飞线充电",
        "结伴而行，不单独处置，夜间穿反光背心",
        time(19),
    ),
    Kind.ELD: Program(
        "助老探访",
        "日间照料站",
        "上门看望独居老人，陪聊、测血压、代买",
        "两人同行，不代管钱物，老人不适先拨120",
        time(15),
    ),
}
ROTATION = (Kind.ENV, Kind.CIV, Kind.PAT, Kind.ENV, Kind.ELD)
# Place, weekday, for how many weeks back.
WEEKLY = ((WENXING, 5, 20), (YONGAN, 6, 12), (CHONGXI, 5, 8), (WENYUAN, 6, 8))
COMING = ((WENXING, 2, Kind.ENV), (YONGAN, 3, Kind.CIV), (WENXING, 5, Kind.ELD), (WENXING, 9, Kind.CIV))
MISSED = 67  # as week 7, but for the heroine
# Who of the cast comes, by the number of the week. After two courses and a voucher the heroine's balance is 286.
REGULARS: dict[str, Callable[[int], bool]] = {
    cast.WANG.name: lambda week: week != MISSED,
    cast.ELDER.name: lambda week: week % 2 == 0,
    cast.MOTHER.name: lambda week: week % 5 == 4,
    cast.SON.name: lambda week: week % 4 == 1,
    cast.NO_PHONE.name: lambda week: week % 3 == 0,
    cast.NEIGHBOUR.name: lambda week: week % 2 == 1,
}


@dataclass(frozen=True)
class Gathering:
    """One activity of the past, with everybody who came; `at` is when the second colleague confirmed it.

    `week` is its number in the series.
    """

    asked: Asked
    place: Place
    day: date
    kind: Activity.Kind
    week: int

    @property
    def starts_at(self) -> datetime:
        return clock.at(self.day, PROGRAMS[self.kind].begins)

    @property
    def at(self) -> datetime:
        return clock.at(self.day + timedelta(days=1), time(9, 30))

    def is_there(self) -> bool:
        return Activity.objects.filter(community__name=self.place.name, starts_at=self.starts_at).exists()

    def write(self) -> None:
        """Planned a week before, recorded the same evening, confirmed the next morning."""
        by = User.objects.get(username=cast.confirmer(self.place))
        for participation in self.recorded():
            confirm(participation=participation, minutes=self.minutes, by=by, at=self.at)

    def recorded(self) -> list[Participation]:
        activity, by = self.planned(), self.recorder
        ended = activity.ends_at + timedelta(minutes=10)
        return [
            record(participation=participation, minutes=self.minutes, by=by, at=ended)
            for participation in Participation.objects.filter(activity=activity).order_by("pk")
        ]

    def planned(self) -> Activity:
        """The activity with its names; they are plain rows, counted by the database itself."""
        community = Community.objects.get(name=self.place.name, sub_district__name=STREET)
        people = self.people(community)
        before, by = self.starts_at - timedelta(days=7), self.recorder
        activity = announce(self.place, community, self.kind, self.starts_at, len(people) + SPARE, before)
        Participation.objects.bulk_create(
            Participation(activity=activity, resident=one, by=one.account or by, at=before + timedelta(days=3))
            for one in people
        )
        return activity

    def people(self, community: Community) -> list[Resident]:
        """The regulars whose week it is, and some drawn from those who volunteer at all."""
        confirmed = Resident.objects.filter(community=community, status=Resident.Status.CONFIRMED)
        residents = grown(confirmed, self.asked.day)
        regulars = [one for one in residents if one.name in REGULARS and REGULARS[one.name](self.week)]
        others = [one for one in residents if one.name not in REGULARS]
        volunteers = self.asked.dice(self.place.name).sample(others, int(len(others) * VOLUNTEERS))
        many = min(MOST, max(FEWEST, round(len(others) * SHARE)), len(volunteers))
        return regulars + self.asked.dice(f"{self.place.name}:{self.day}").sample(volunteers, many)

    @property
    def minutes(self) -> int:
        return PROGRAMS[self.kind].minutes

    @property
    def recorder(self) -> User:
        return User.objects.get(username=cast.recorder(self.place))


class Unconfirmed(Gathering):
    """Last night's patrol: written down, and waiting for the second colleague (待入账)."""

    @property
    def at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes + 10)

    def write(self) -> None:
        self.recorded()


class Unrecorded(Unconfirmed):
    """Yesterday morning's activity, which nobody has written down yet (待记录)."""

    def write(self) -> None:
        self.planned()


def past(asked: Asked, since: date | None = None) -> Iterator[Gathering]:
    """Every weekly activity until the day before yesterday: from `since` on, else of so many weeks back."""
    until = asked.day - timedelta(days=2)
    for place, weekday, weeks in WEEKLY:
        first = max(filter(None, (since, until - timedelta(weeks=weeks))))
        days = (first + timedelta(days=n) for n in range((until - first).days))
        for number, day in enumerate(day for day in days if day.weekday() == weekday):
            yield Gathering(asked, place, day, ROTATION[number % len(ROTATION)], number)


def yesterday(asked: Asked) -> Iterator[Gathering]:
    day = asked.day - timedelta(days=1)
    yield Unrecorded(asked, WENXING, day, Kind.ENV, MISSED)
    yield Unconfirmed(asked, WENXING, day, Kind.PAT, week=0)


def grown(people: QuerySet[Resident], day: date) -> list[Resident]:
    """Who is of age on `day`, in the order of their numbers: a child comes with its guardian, and is not drawn."""
    adults = people.exclude(birth_date__gt=day - ADULT)
    return list(adults.select_related("account", "community").order_by("pk"))


def announced(asked: Asked) -> bool:
    return Activity.objects.upcoming(asked.now).filter(kind__in=PROGRAMS).exists()


def announce_coming(asked: Asked) -> None:
    """The activities of the next days, with a few sign-ups; the heroine's is the first."""
    for number, (place, days, kind) in enumerate(COMING):
        community = Community.objects.get(name=place.name, sub_district__name=STREET)
        activity = announce(place, community, kind, asked.at(days, PROGRAMS[kind].begins), 20, asked.at(-3))
        week = MISSED if number else 0
        for one in Gathering(asked, place, asked.day, kind, week).people(community)[:7]:
            by = one.account or User.objects.get(username=cast.recorder(place))
            signup.sign_up(activity_id=activity.pk, resident=one, by=by, at=asked.at(-1))


def announce(
    place: Place, community: Community, kind: Activity.Kind, starts_at: datetime, capacity: int, at: datetime
) -> Activity:
    program = PROGRAMS[kind]
    by = User.objects.get(username=cast.recorder(place))
    activity = Activity(
        community=community, kind=kind, title=f"{community.name.removesuffix('社区')}{program.title}",
        place=f"{community.name}{program.spot}", content=program.content, risk=program.risk, leader=by.name,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=program.minutes), capacity=capacity,
    )  # fmt: skip
    return planning.plan(activity=activity, by=by, at=at)
