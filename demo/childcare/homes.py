"""The families of the centre as rows: files, guardians, consents, care files and whom to call, all of one afternoon at the counter.

Plain rows in bulk, as `files.open_file` and the enrolment would leave them (a test compares one of each): one by one they
would take a minute.
"""

from datetime import date, datetime, timedelta
from itertools import chain

from django.db import transaction

from childcare.enrolment.steps import HEALTH
from childcare.models import CareFile, Contact
from communities import consents, purposes, sealing
from communities.models import Community, Consent, Estate, Guardian, Household, Resident, User
from communities.registration import initials, pinyin
from demo import cast
from demo.asked import Asked
from demo.childcare.invented import Child, Family, Parent, Purpose, families
from demo.places import STREET, WENYUAN

BASIS = Guardian.Basis.HOUSEHOLD_BOOK
HANDLING = "出疹子，停食观察，打家长电话"


def are_there() -> bool:
    return Resident.objects.filter(name=cast.CARE_PARENT_CHILD, community__name=WENYUAN.name).exists()


def worker() -> User:
    return User.objects.get(username=cast.WENYUAN_WORKER.username)


def head() -> User:
    return User.objects.get(username=cast.WENYUAN_HEAD.username)


def community() -> Community:
    return Community.objects.select_related("sub_district").get(name=WENYUAN.name, sub_district__name=STREET)


def files(asked: Asked) -> dict[str, Resident]:
    """Of everybody in `families(asked)`, by name: no two of them have the same."""
    born: set[tuple[str, date]] = set()
    for family in families(asked):
        born |= {(one.name, one.born) for one in family.parents} | {(one.name, one.born) for one in family.children}
    here = Resident.objects.filter(community=community(), name__in={name for name, _ in born})
    mine = here.select_related("account", "community__sub_district")
    return {one.name: one for one in mine if (one.name, one.birth_date) in born}


@transaction.atomic
def write(asked: Asked, at: datetime) -> None:
    told, here, by = families(asked), community(), worker()
    estates = {one.name: one for one in Estate.objects.filter(community=here)}
    homes = Household.objects.bulk_create(Household(community=here) for _ in told)
    accounts = _accounts([one for family in told for one in family.parents], asked, at)
    people: list[Resident] = []
    for family, home in zip(told, homes, strict=True):
        shared = {"community": here, "estate": estates[family.estate], "household": home, "decided_by": by}
        people += [_file(one, at, accounts[one.phone], **shared) for one in family.parents]
        people += [_file(one, at, None, **shared) for one in family.children]
    known = {one.name: one for one in Resident.objects.bulk_create(people)}
    guardians = [
        _guardian(family, child, one, known, by, at)
        for family in told
        for child in family.children
        for one in family.parents
    ]
    Guardian.objects.bulk_create(guardians)
    Consent.objects.bulk_create(chain.from_iterable(_consents(family, known, by, at) for family in told))
    CareFile.objects.bulk_create(_care(child, known, by, at) for family in told for child in family.children)
    Contact.objects.bulk_create(
        Contact(child=known[child.name], order=order, name=name, relation=relation, phone=phone, by=by, at=at)
        for family in told
        for child in family.children
        for order, (name, relation, phone) in enumerate(family.kin, 1)
    )


def _accounts(parents: list[Parent], asked: Asked, at: datetime) -> dict[str, User]:
    made = User.objects.bulk_create(
        User(
            username=f"r-{one.phone}", kind=User.Kind.RESIDENT, phone=one.phone, name=one.name, last_login=asked.at(-1), password="!"  # noqa: S106
        )
        for one in parents
    )  # fmt: skip
    Consent.objects.bulk_create(
        Consent(account=one, purpose=Purpose.PERSONAL_DATA, version=consents.PERSONAL_DATA_VERSION, given_at=at)
        for one in made
    )
    return {one.phone: one for one in made if one.phone}


def _file(one: Parent | Child, at: datetime, account: User | None, **shared: object) -> Resident:
    return Resident(
        name=one.name, pinyin=pinyin(one.name), initials=initials(one.name), birth_date=one.born, account=account,
        phone=one.phone if isinstance(one, Parent) else "", status=Resident.Status.CONFIRMED, registered_at=at,
        decided_at=at + timedelta(minutes=10), **shared,
    )  # fmt: skip


def _guardian(
    family: Family, child: Child, one: Parent, known: dict[str, Resident], by: User, at: datetime
) -> Guardian:  # fmt: skip
    return Guardian(child=known[child.name], guardian=known[one.name], relation=one.relation, basis=BASIS, by=by, at=at)


def _consents(family: Family, known: dict[str, Resident], by: User, at: datetime) -> list[Consent]:
    """Signed by the first parent at the counter, a box each."""
    return [
        Consent(
            resident=known[child.name], purpose=purpose, version=purposes.TEXTS[purpose].version, way=Consent.Way.SIGNATURE,
            guardian=known[family.parents[0].name], by=by, given_at=at,
        )
        for child in family.children
        for purpose in (Purpose.PERSONAL_DATA, *child.agreed)
    ]  # fmt: skip


def _care(child: Child, known: dict[str, Resident], by: User, at: datetime) -> CareFile:
    said = {"allergies": child.allergy, "handling": HANDLING if child.allergy else "", "emergency": True}
    health = said if Purpose.CARE_HEALTH in child.agreed else {}
    return CareFile(
        child=known[child.name], sex=child.sex, school=child.school, grade=child.grade, school_class=f"{child.born.day % 4 + 1}班",
        health=sealing.seal_facts(_whole(health)) if health else None, updated_at=at, updated_by=by,
    )  # fmt: skip


def _whole(said: dict[str, object]) -> dict[str, object]:
    """With every field of the form, as it is kept."""
    return {name: said.get(name, False if name == "emergency" else "") for name in HEALTH}
