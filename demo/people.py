"""Staff with their duties; residents with accounts, households and the community's word."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count

from django.contrib.auth.hashers import make_password
from django.db import transaction

from communities import consents
from communities.models import Community, Consent, Duty, Estate, Household, Resident, Setting, SubDistrict, User
from communities.registration import initials, pinyin
from communities.settings import PASSWORD_DAYS, SECOND_FACTOR
from core import clock
from demo import cast
from demo.asked import Asked
from demo.names import invent
from demo.places import PLACES, STREET, WENXING, Place

SERVED_SINCE = timedelta(days=400)
JOINED_DAYS_AGO = (150, 200)
WAITING_SHARE = 8  # one in so many of the generated people waits for the community, besides the one of the cast
NO_PHONE_FROM, NO_PHONE_SHARE = 72, 0.3
FIRST_PHONE, CAST_PHONES = 13800001000, range(13800006000, 13800006100)


@dataclass(frozen=True)
class Person:
    """A resident to be written; `home` names the household within its community."""

    name: str
    phone: str
    born: date | None
    place: Place
    estate: str
    home: str
    joined: datetime
    confirmed: bool = True


def staff_is_there() -> bool:
    """With the own phones, without which nobody decides about points; a demo of before gets them."""
    names = [one.username for one in cast.STAFF]
    return User.objects.filter(username__in=names).exclude(own_phone="").count() == len(names)


@transaction.atomic
def write_staff(asked: Asked) -> None:
    """Everybody at the desk has the one password, hashed once: it is public anyway."""
    street = SubDistrict.objects.get(name=STREET)
    hashed = make_password(cast.PASSWORD)
    since = min(asked.day, clock.today()) - SERVED_SINCE
    for one in cast.STAFF:
        said = {"name": one.name, "own_phone": one.phone, "kind": User.Kind.STAFF, "password": hashed}
        user, new = User.objects.update_or_create(username=one.username, defaults=said)
        if not new:
            continue
        where = street.communities.filter(name=one.place.name).first() if one.place else None
        Duty.objects.create(
            user=user, role=one.role, community=where, sub_district=None if where else street, starts_on=since
        )
    # Visitors of the demo have no authenticator that knows its colleagues.
    visitor = {"value": 0, "by": User.objects.get(username=cast.ADMIN.username)}
    for key in (SECOND_FACTOR.key, PASSWORD_DAYS.key):
        Setting.objects.get_or_create(sub_district=street, key=key, starts_on=since, defaults=visitor)


def residents_are_there() -> bool:
    return Resident.objects.filter(phone=cast.WANG.phone).exists()


@transaction.atomic
def write_residents(asked: Asked) -> None:
    """Plain rows in bulk: joining and confirming one by one would say the same in a hundred times the time."""
    people = list(everybody(asked))
    accounts = _accounts(people, asked)
    _consents(accounts, people)
    communities = {it.name: it for it in Community.objects.filter(sub_district__name=STREET)}
    estates = {(it.community_id, it.name): it for it in Estate.objects.all()}
    homes = _homes(people, communities)
    deciders = {place.name: User.objects.get(username=cast.recorder(place)) for place in PLACES}
    Resident.objects.bulk_create(
        (
            Resident(
                community=(community := communities[one.place.name]), estate=estates[community.pk, one.estate],
                household=homes[one.place.name, one.home], account=accounts.get(one.phone), name=one.name,
                pinyin=pinyin(one.name), initials=initials(one.name), phone=one.phone, birth_date=one.born, registered_at=one.joined,
                status=Resident.Status.CONFIRMED if one.confirmed else Resident.Status.PENDING,
                decided_at=one.joined + timedelta(hours=20) if one.confirmed else None,
                decided_by=deciders[one.place.name] if one.confirmed else None,
            )
            for one in people
        ),
        batch_size=1000,
    )  # fmt: skip


def everybody(asked: Asked) -> list[Person]:
    """The cast first, then invented people up to the number asked for; the last few wait for the community's word."""
    known = [
        Person(it.name, it.phone, it.born, it.place, it.estate, it.home, _joined(asked, it.confirmed), it.confirmed)
        for it in cast.RESIDENTS
    ]
    invented = list(_invented(asked, max(asked.residents - len(known), 0)))
    settled = invented[: len(invented) - len(invented) // WAITING_SHARE]
    newest = invented[len(settled) :]
    return known + settled + [_newcomer(one, n, asked) if one.phone else one for n, one in enumerate(newest)]


def _newcomer(one: Person, n: int, asked: Asked) -> Person:
    """Registered on the phone yesterday; all of them in one community, where they can be confirmed together."""
    estate = WENXING.estates[n % len(WENXING.estates)]
    return replace(one, joined=asked.at(-1), confirmed=False, place=WENXING, estate=estate, home=f"new-{n // 2}")


def _invented(asked: Asked, number: int) -> Iterator[Person]:
    dice, phones = asked.dice("residents"), (n for n in count(FIRST_PHONE) if n not in CAST_PHONES)
    for serial in range(number):
        name, born = invent(dice, asked.day)
        place = dice.choices(PLACES, [place.share for place in PLACES])[0]
        elder = asked.day.year - born.year >= NO_PHONE_FROM
        phone = "" if elder and dice.random() < NO_PHONE_SHARE else str(next(phones))
        joined = asked.at(-dice.randint(*JOINED_DAYS_AGO))
        yield Person(name, phone, born, place, dice.choice(place.estates), f"{serial // 2}", joined)


def _joined(asked: Asked, confirmed: bool) -> datetime:
    return asked.at(-JOINED_DAYS_AGO[1] if confirmed else -1)


def _accounts(people: list[Person], asked: Asked) -> dict[str, User]:
    phones = {one.phone: one for one in people if one.phone}
    made = User.objects.bulk_create(
        (
            User(
                username=f"r-{phone}",
                kind=User.Kind.RESIDENT,
                phone=phone,
                name=one.name,
                last_login=asked.at(-1),
                password="!",  # noqa: S106  no password
            )
            for phone, one in phones.items()
        ),
        batch_size=1000,
    )
    return {user.phone: user for user in made if user.phone}


def _consents(accounts: dict[str, User], people: list[Person]) -> None:
    joined = {one.phone: one.joined for one in people if one.phone}
    Consent.objects.bulk_create(
        Consent(
            account=account, purpose=Consent.Purpose.PERSONAL_DATA, version=consents.PERSONAL_DATA_VERSION,
            given_at=joined[phone],
        )
        for phone, account in accounts.items()
    )  # fmt: skip


def _homes(people: list[Person], communities: dict[str, Community]) -> dict[tuple[str, str], Household]:
    keys = list(dict.fromkeys((one.place.name, one.home) for one in people))
    made = Household.objects.bulk_create(Household(community=communities[place]) for place, _ in keys)
    return dict(zip(keys, made, strict=True))
