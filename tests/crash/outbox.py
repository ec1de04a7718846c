"""The worker, and every other time the broker with it, killed while the messages of redemptions are delivered."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random

from django.db.models import F

from config.celery import app
from notifications import outbox
from notifications.delivery import LOST_AFTER
from notifications.models import Message
from tests.crash import audit, ground
from tests.crash.acts import Cancel, Enrol
from tests.crash.clients import Client, acknowledged, clients
from tests.crash.ground import House
from tests.crash.interrupted import Round, until_wrong
from tests.crash.servers import kill_9
from tests.worker import wait_until

BACKLOG, MEANWHILE = 120, 10
BEAT, PATIENCE = 2, 60  # seconds; the product's beat has five
RELAY = "notifications.tasks.relay"
State = Message.State


@dataclass
class Post:
    """The post office of one scenario."""

    house: House
    laid: ground.Ground
    people: list[Client]
    dice: Random
    rounds: int = 0
    known: set[int] = field(default_factory=set)  # messages that were taken up again in earlier rounds

    def mine(self) -> "list[Message]":
        return list(Message.objects.filter(resident__in=self.laid.people))

    def count(self, *states: str) -> int:
        return Message.objects.filter(resident__in=self.laid.people, state__in=states).count()

    def play(self) -> Round:
        """One round: people redeem, a worker delivers, it is killed; people go on; another one delivers the rest."""
        self.rounds += 1
        self.announce()
        one = Round(after=self.dice.randint(10, BACKLOG - 20))
        self.until_killed(one)
        taken = set(Message.objects.filter(state=State.SENDING).values_list("pk", flat=True))
        one.in_flight = len(taken)
        begin = time.monotonic()
        self.house.worker.start()
        # Five minutes pass for what the killed worker had in its hands.
        Message.objects.filter(pk__in=taken).update(taken_at=F("taken_at") - LOST_AFTER)
        one.wrong += self.not_sent()
        one.again = round(time.monotonic() - begin, 2)
        one.wrong += [*self.missing(), *self.delivered_again(taken), *audit.findings(self.laid, self.people)]
        return one

    def announce(self) -> None:
        """More to deliver than one worker has done when it is killed."""
        words = outbox.Words("通知", "停水")
        outbox.tell_many(
            outbox.message(f"crash:{self.rounds}:{n}", words, Message.Channel.INBOX, resident=person)
            for n, person in zip(range(BACKLOG), self.laid.people * BACKLOG, strict=False)
        )

    def until_killed(self, one: Round) -> None:
        halt, sent, answers = threading.Event(), self.count(State.SENT), self.answers()
        beat()
        with ThreadPoolExecutor(len(self.people)) as pool:
            working = [pool.submit(client.work, halt) for client in self.people]
            try:
                wait_until(lambda: "yes" if self.count(State.SENT) - sent >= one.after else "", self.house.worker.said)
                self.kill()
                heard = self.answers()
                wait_until(lambda: "yes" if self.answers() - heard >= MEANWHILE else "")
            finally:
                halt.set()
        for each in working:
            each.result()
        one.messages, one.acknowledged = self.count(State.SENT) - sent, self.answers() - answers

    def kill(self) -> None:
        """With a message in its hands; every other time the broker goes with it."""
        while not self.count(State.SENDING) and self.count(State.WAITING):
            continue
        self.house.worker.kill()
        if self.rounds % 2 == 0:
            self.restart_broker()

    def restart_broker(self) -> None:
        valkey = self.house.servers.valkey
        assert valkey.process is not None
        kill_9(valkey.process)
        valkey.start()

    def answers(self) -> int:
        return sum(len(client.heard) for client in self.people)

    def not_sent(self) -> list[str]:
        """Wait until everything is delivered, and say what is not."""
        end, beaten = time.monotonic() + PATIENCE, 0.0
        while (waiting := self.count(State.WAITING, State.SENDING, State.FAILED)) and time.monotonic() < end:
            if time.monotonic() - beaten > BEAT:
                beaten = time.monotonic()
                beat()
            time.sleep(0.05)
        return [f"lost: {waiting} messages were not delivered in {PATIENCE} s"] * (waiting > 0)

    def missing(self) -> list[str]:
        """Every acknowledged act has told its person, once."""
        told = [message.occasion for message in self.mine()]
        due = [f"enrolment:{act.told}:seated" for act in acknowledged(self.people) if isinstance(act, Enrol)]
        due += [f"enrolment:{act.told}:cancelled" for act in acknowledged(self.people) if isinstance(act, Cancel)]
        due += [f"crash:{turn}:{n}" for turn in range(1, self.rounds + 1) for n in range(BACKLOG)]
        found = [f"lost: nobody was told of {occasion}" for occasion in set(due) - set(told)]
        return found + [f"twice: {len(told)} messages, {len(due)} due"] * (len(told) > len(due))

    def delivered_again(self, taken: set[int]) -> list[str]:
        """Only what the killed worker had in its hands was taken up a second time."""
        tries = {message.pk: message.tries for message in self.mine()}
        again = {pk for pk, number in tries.items() if number > 1} - self.known
        self.known |= again
        return [f"twice: message {pk} was taken {tries[pk]} times" for pk in again - taken]


def beat() -> None:
    app.send_task(RELAY, expires=outbox.STALE, ignore_result=True)


def worker(house: House, times: int, seed: str) -> list[Round]:
    laid = ground.lay(house, most=4)
    Message.objects.exclude(resident__in=laid.people).delete()  # what nobody has delivered in the scenarios before
    app.control.purge()
    post = Post(house, laid, clients(laid, seed, rest=4, books=0), Random(seed))
    house.worker.restart()
    return until_wrong(post.play, times)
