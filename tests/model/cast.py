"""Five people of two sub-districts in three households, in the database and in the model, with a past that is committed."""

from dataclasses import dataclass
from datetime import date

from communities import settings
from communities.models import Community, Duty, Household, Resident, Setting, SubDistrict, User
from core import clock
from tests.model.books import Books
from tests.model.rates import Figures
from tests.model.things import Wallet
from tests.world import staff

# Lower caps here than there, so that they are met within a few steps.
STREETS = {"水泊寺街道": Figures(month=150), "清远街道": Figures(day=60, untimed_month=40, grace=10, years=2)}
COMMUNITIES = {"文兴": "水泊寺街道", "华林": "清远街道", "永安": "水泊寺街道"}
HOMES = {"一号": "文兴", "二号": "文兴", "三号": "华林", "四号": "永安"}
PEOPLE = {"an": "一号", "bo": "一号", "cui": "二号", "ding": "三号", "er": "三号"}


@dataclass
class Cast:
    streets: dict[str, SubDistrict]
    communities: dict[str, Community]
    homes: dict[str, Household]
    people: dict[str, Resident]
    admins: dict[str, User]  # by sub-district
    heads: dict[str, User]  # by community
    by: User

    def admin_of(self, person: str) -> User:
        """Of the sub-district, which nobody leaves."""
        return self.admins[COMMUNITIES[HOMES[PEOPLE[person]]]]


def build() -> Cast:
    streets = {name: SubDistrict.objects.create(name=name, district="平城区") for name in STREETS}
    communities = {
        name: Community.objects.create(sub_district=streets[street], name=name) for name, street in COMMUNITIES.items()
    }
    homes = {name: Household.objects.create(community=communities[place]) for name, place in HOMES.items()}
    people = {
        name: Resident.objects.create(
            community=communities[HOMES[home]], household=homes[home], name=name, birth_date=date(1970, 1, 1),
            status=Resident.Status.CONFIRMED, decided_at=clock.now(),
        )
        for name, home in PEOPLE.items()
    }  # fmt: skip
    by = User.objects.get(username="system")
    admins = {
        name: staff(f"admin {name}", name, Duty.Role.STREET_ADMIN, sub_district=streets[name]) for name in STREETS
    }
    heads = {name: staff(f"head {name}", name, Duty.Role.HEAD, community=communities[name]) for name in COMMUNITIES}
    for street, figures in STREETS.items():
        values = {
            settings.CAP_DAY: figures.day, settings.CAP_MONTH: figures.month,
            settings.CAP_UNTIMED_MONTH: figures.untimed_month, settings.EXPIRY_YEARS: figures.years,
            settings.REVERSAL_GRACE_DAYS: figures.grace,
        }  # fmt: skip
        for declared, value in values.items():
            Setting.objects.create(
                sub_district=streets[street], key=declared.key, value=value, starts_on=date(2000, 1, 1), by=by
            )
    return Cast(streets, communities, homes, people, admins, heads, by)


def model() -> Books:
    books = Books(STREETS, HOMES)
    for name, home in PEOPLE.items():
        place = HOMES[home]
        books.wallets[name] = Wallet(name, place, COMMUNITIES[place], home)
    return books
