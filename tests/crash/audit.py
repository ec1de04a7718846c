"""Comparing the books with what the clients were told. Each finding is a sentence; none is what we want."""

import io
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from django.core.management import call_command

from integrations.models import IdempotentAnswer
from nightschool.models import Course, Enrolment
from points import statement
from points.books import breaches
from points.models import Account, Entry
from tests.crash.acts import Act, Cancel, Enrol
from tests.crash.clients import Client, acknowledged
from tests.crash.ground import POINTS, Ground


def landed(clients: Iterable[Client]) -> list[Act]:
    """Open acts that the books hold all the same: done, and nobody heard of it."""
    return [client.open for client in clients if client.open and client.open.in_the_books() is not None]


def findings(ground: Ground, clients: list[Client]) -> list[str]:
    """Everything that is wrong, with open acts still open or none left."""
    told = list(acknowledged(clients))
    done = [*told, *landed(clients)]
    return [*lost(told), *twice(ground, clients, done), *untied(ground, done), *broken()]


def lost(told: Iterable[Act]) -> Iterator[str]:
    """Acknowledged, and not in the books, or not as it was said."""
    for act in told:
        if (found := act.in_the_books()) != act.told:
            yield f"lost: {act.key} was told {act.told}, the books say {found}"
        elif isinstance(act, Enrol | Cancel):
            yield from not_as_told(act)


def not_as_told(act: Enrol | Cancel) -> Iterator[str]:
    mine = Enrolment.objects.select_related("entry", "refund").filter(pk=act.told, resident=act.person).first()
    if mine is None or mine.entry is None or mine.entry.key != f"enrolment:{mine.pk}":
        yield f"lost: {act.key} has no seat or no charge"
    elif isinstance(act, Cancel) and (mine.refund is None or mine.refund.reverses_id != mine.entry_id):
        yield f"lost: {act.key} was not given back"


def twice(ground: Ground, clients: list[Client], done: Iterable[Act]) -> Iterator[str]:
    """In the books, and nobody asked for it; or more often than it was asked for."""
    people, done = {person.pk for person in ground.people}, list(done)
    asked = {act.key for act in done}
    names = {client.name for client in clients}
    answers = IdempotentAnswer.objects.values_list("key", flat=True)
    yield from (
        f"twice: {key} was not asked for" for key in answers if key.rsplit("-", 1)[0] in names and key not in asked
    )
    seats = Counter(type(act) for act in done)
    enrolments = Enrolment.objects.filter(resident__in=people)
    found = enrolments.count(), enrolments.filter(status="cancelled").count()
    if found != (seats[Enrol], seats[Cancel]):
        yield f"twice: {found} seats taken and given back, {seats[Enrol]} and {seats[Cancel]} asked for"
    wallets = Account.objects.filter(resident__in=people).values("pk")
    touched = Entry.objects.filter(postings__source__in=wallets) | Entry.objects.filter(
        postings__destination__in=wallets
    )
    entries, wanted = touched.distinct().count(), len(done) + len(ground.people)
    if entries != wanted:
        yield f"twice: {entries} entries for {wanted} acts"


def untied(ground: Ground, done: Iterable[Act]) -> Iterator[str]:
    """Wallets and seats must be what the acts come to."""
    points: Counter[int] = Counter()
    seats: Counter[int] = Counter()
    for act in done:
        points[act.person.pk] += act.points
        if isinstance(act, Enrol):
            seats[act.course] += 1
        elif isinstance(act, Cancel) and act.of:
            seats[act.of.course] -= 1
    for person in ground.people:
        if (found := statement.available(person)) != POINTS + points[person.pk]:
            yield f"untied: {person.name} has {found} points, {POINTS + points[person.pk]} by the acts"
    taken = Course.objects.filter(pk__in=[course.pk for course in ground.courses]).values_list("pk", "taken")
    yield from (
        f"untied: course {pk} has {n} seats taken, {seats[pk]} by the acts" for pk, n in taken if n != seats[pk]
    )


def broken() -> list[str]:
    """Every promise of the database's own views, and the command that staff run."""
    found = [f"breach: {view} {promise} row {row}" for view, promise, row in breaches()]
    try:
        call_command("check_books", stdout=io.StringIO(), stderr=io.StringIO())
    except SystemExit:
        found.append("check_books exits with 1")
    return found


def checked_from_outside() -> list[str]:
    """`manage.py check_books` in a process of its own."""
    done = subprocess.run([sys.executable, "manage.py", "check_books"], capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [f"check_books exits with {done.returncode}: {done.stderr}"]
