"""People act, something is killed at a moment that the seed draws, it starts again, the books are compared."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random

from django.db import connections

from tests.crash import audit
from tests.crash.clients import Client
from tests.crash.ground import Ground


@dataclass
class Round:
    """One kill, after so many answers, messages or transactions as the seed has drawn.

    Of the acts `in_flight` at that moment some `landed`: they were done, and nobody had heard of it. (Of a sweep: lots left
    and lots done.) `again`: seconds until nobody waits any more.
    """

    after: int
    acknowledged: int = 0
    in_flight: int = 0
    landed: int = 0
    messages: int = 0
    again: float = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Scenario:
    """Who acts, what is killed, and how it comes back."""

    ground: Ground
    people: list[Client]
    kill: Callable[[], object]
    restart: Callable[[], object]
    dice: Random

    def answers(self) -> int:
        return sum(len(client.heard) for client in self.people)

    def play(self) -> Round:
        """One round: act, kill, start again, compare, ask again, compare."""
        one = self.until_killed()
        begin = time.monotonic()
        self.restart()
        connections.close_all()
        one.landed = len(audit.landed(self.people))
        one.wrong += audit.findings(self.ground, self.people)
        if one.wrong:
            return one
        with ThreadPoolExecutor(len(self.people)) as pool:
            for _ in pool.map(Client.settle, self.people):
                pass
        one.again = round(time.monotonic() - begin, 2)
        one.wrong += audit.findings(self.ground, self.people)
        return one

    def until_killed(self) -> Round:
        """Everybody acts until the drawn number of answers has come, and a few milliseconds more."""
        one, before, halt = Round(after=self.dice.randint(10, 80)), self.answers(), threading.Event()
        delay = self.dice.uniform(0, 0.03)
        with ThreadPoolExecutor(len(self.people)) as pool:
            working = [pool.submit(client.work, halt) for client in self.people]
            try:
                while self.answers() - before < one.after and not all_ended(working):
                    time.sleep(0.001)
                time.sleep(delay)
                moment = time.perf_counter()
                self.kill()
            finally:
                halt.set()
        for each in working:
            each.result()
        one.acknowledged = self.answers() - before
        one.in_flight = sum(client.open is not None and client.open.sent < moment for client in self.people)
        return one


def until_wrong(play: Callable[[], Round], times: int) -> list[Round]:
    """So many rounds; after one that went wrong the next would only say the same in other words."""
    rounds: list[Round] = []
    while len(rounds) < times and not (rounds and rounds[-1].wrong):
        rounds.append(play())
    return rounds


def all_ended(working: Sequence[Future[None]]) -> bool:
    return all(each.done() for each in working)
