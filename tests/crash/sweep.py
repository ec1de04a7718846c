"""The sweep of what has expired, killed with its worker between two of its transactions or inside one."""

import time
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.db import connection
from django.db.models import QuerySet, Sum

from communities.models import Resident
from config.celery import app
from core import clock
from points import ledger
from points.expiring import LOTS
from points.models import Account, Draw, Entry, Lot
from tests import world as cast
from tests.crash import audit
from tests.crash.ground import House
from tests.crash.interrupted import Round, until_wrong

PEOPLE, FRESH = 500, 50  # people, and points of each that stay
EACH, OLD = 8, 5  # lots that have expired, given to each in a round, and the points of each
LONG_AGO, PATIENCE = timedelta(days=900), 60


@dataclass
class Sweep:
    """People who are given points whose last day has passed, and a worker that books this."""

    house: House
    people: list[Resident]
    dice: Random
    wallets: list[int]
    rounds: int = 0

    def play(self) -> Round:
        self.rounds += 1
        self.give_old_points()
        one = Round(after=self.dice.randrange(PEOPLE * EACH // LOTS - 2))  # transactions of the sweep
        self.until_killed(one)
        one.in_flight, one.landed = self.left(), self.swept() - (self.rounds - 1) * PEOPLE * EACH
        begin = time.monotonic()
        self.house.worker.start()
        sweep()
        while self.left() and time.monotonic() < begin + PATIENCE:
            time.sleep(0.05)
        one.again = round(time.monotonic() - begin, 2)
        one.wrong += [*self.untied(), *audit.broken()]
        return one

    def give_old_points(self) -> None:
        at = clock.now() - LONG_AGO
        price = cast.exactly(OLD, clock.local(at).date())
        for turn in range(EACH):
            awards = [ledger.Award(f"old:{self.rounds}:{turn}:{person.pk}", person, price) for person in self.people]
            ledger.award_many(awards=awards, by=self.house.world.system, reason="补记", at=at)

    def until_killed(self, one: Round) -> None:
        """After so many transactions, at some moment of the next one."""
        delay, still = self.dice.uniform(0, 0.01), PEOPLE * EACH - one.after * LOTS
        sweep()
        end = time.monotonic() + PATIENCE
        while not (sweeping() and self.left() <= still) and self.left() and time.monotonic() < end:
            continue
        time.sleep(delay)
        self.house.worker.kill()

    def swept(self) -> int:
        """Lots that were booked as expired."""
        return self.booked().count()

    def booked(self) -> QuerySet[Draw]:
        return Draw.objects.filter(posting__entry__kind=Entry.Kind.EXPIRY, lot__wallet__in=self.wallets)

    def left(self) -> int:
        lots = Lot.objects.filter(wallet__in=self.wallets, remaining__gt=0, expires_on__lt=clock.today())
        return lots.count()

    def untied(self) -> list[str]:
        """Every old lot was booked as expired once, and nothing else was touched."""
        lots = self.rounds * EACH * PEOPLE
        left = Lot.objects.filter(wallet__in=self.wallets).aggregate(total=Sum("remaining"))["total"]
        found = self.swept(), self.booked().aggregate(total=Sum("amount"))["total"], left
        wanted = lots, lots * OLD, PEOPLE * FRESH
        return [f"untied: lots and points expired, points left: {found}, not {wanted}"] * (found != wanted)


def sweep() -> None:
    """What beat does at five past the hour."""
    app.send_task("points.tasks.sweep", ignore_result=True)


def sweeping() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE state = 'active' AND query LIKE '%points_expire(%' AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])


def worker(house: House, times: int, seed: str) -> list[Round]:
    people = [cast.resident(house.world.wenxing, f"老人{n}") for n in range(PEOPLE)]
    price = cast.exactly(FRESH)
    awards = [ledger.Award(f"fresh:{person.pk}", person, price) for person in people]
    ledger.award_many(awards=awards, by=house.world.system, reason="志愿服务")
    app.control.purge()
    house.worker.restart()
    wallets = list(Account.objects.filter(resident__in=people).values_list("pk", flat=True))
    return until_wrong(Sweep(house, people, Random(seed), wallets).play, times)
