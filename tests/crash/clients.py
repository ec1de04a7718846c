"""Clients that ask for one act after the other, stop where they hear nothing, and ask again in the same words."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from django.db import connections

from nightschool.models import Course
from tests.crash.acts import Act, Award, Cancel, Charge, Down, Enrol
from tests.crash.ground import Ground

PATIENCE = 40


@dataclass
class Client:
    """One client: what it was told so far, and the act that it has heard nothing about."""

    name: str
    ground: Ground
    dice: Random
    heard: list[Act] = field(default_factory=list)
    open: Act | None = None
    count: int = 0

    def next(self) -> Act:
        raise NotImplementedError

    def key(self) -> str:
        self.count += 1
        return f"{self.name}-{self.count}"

    def work(self, until: threading.Event) -> None:
        """Act until told to stop, or until nobody answers."""
        try:
            while not until.is_set():
                self.open = self.next()
                self.open.sent = time.perf_counter()
                self.try_once()
        except Down:
            return
        finally:
            connections.close_all()

    def settle(self) -> None:
        """Ask again for the open act until there is an answer."""
        end = time.monotonic() + PATIENCE
        try:
            while self.open is not None:
                try:
                    self.try_once()
                except Down as down:
                    if time.monotonic() > end:
                        raise AssertionError(f"{down}: {self.ground.house.web.said()}") from down
                    time.sleep(0.05)
        finally:
            connections.close_all()

    def try_once(self) -> None:
        assert self.open is not None
        self.open.ask()
        self.heard.append(self.open)
        self.open = None


@dataclass
class Rest(Client):
    """Takes seats in courses that no other client serves, and gives them back; the people are everybody's."""

    courses: list[Course] = field(default_factory=list)

    def next(self) -> Act:
        course, person = self.dice.choice(self.courses), self.dice.choice(self.ground.people)
        seat = self.seats().get((course.pk, person.pk))
        line = (self.ground.house.web.port, self.ground.token)
        if seat is None:
            body = json.dumps({"course": course.pk, "resident": person.pk})
            return Enrol(
                self.key(), person, line=line, path="enrolments/", body=body, course=course.pk, price=course.price
            )
        body = json.dumps({"reason": "停课"})
        return Cancel(self.key(), person, line=line, path=f"enrolments/{seat.told}/cancel/", body=body, of=seat)

    def seats(self) -> dict[tuple[int, int], Enrol]:
        """What this client believes to hold, from the answers alone."""
        held: dict[tuple[int, int], Enrol] = {}
        for act in self.heard:
            if isinstance(act, Enrol) and act.told:
                held[act.course, act.person.pk] = act
            elif isinstance(act, Cancel) and act.of:
                held.pop((act.of.course, act.person.pk))
        return held


@dataclass
class Books(Client):
    """Calls the books' verbs."""

    def next(self) -> Act:
        kind = self.dice.choice((Award, Charge))
        person = self.dice.choice(self.ground.people)
        return kind(self.key(), person, amount=self.dice.randint(1, 9), by=self.ground.house.world.system)


def clients(ground: Ground, seed: str, *, rest: int, books: int) -> list[Client]:
    made: list[Client] = []
    for number in range(rest):
        name = f"{seed}-rest{number}"
        made.append(Rest(name, ground, Random(name), courses=ground.courses[number :: ground.most]))
    for number in range(books):
        name = f"{seed}-books{number}"
        made.append(Books(name, ground, Random(name)))
    return made


def acknowledged(people: list[Client]) -> Iterator[Act]:
    """Every act that somebody was told is done."""
    for client in people:
        yield from (act for act in client.heard if act.told is not None)
