"""What a client asks for, under which key, and what it was told."""

import http.client
import json
from dataclasses import dataclass
from typing import ClassVar

from django.db import DatabaseError, connections

from communities.models import Resident, User
from integrations.models import IdempotentAnswer
from points import ledger
from points.models import Entry
from tests.world import exactly

TIMEOUT = 30


class Down(Exception):
    """No answer, or an answer that is none (5xx): the client does not know whether anything was done."""


@dataclass
class Act:
    """One act. `told` is the number that an acknowledgement named, `refused` the code of a refusal; both empty: open."""

    key: str
    person: Resident
    sent: float = 0
    told: int | None = None
    refused: str = ""

    @property
    def points(self) -> int:
        """What it adds to the person's wallet."""
        raise NotImplementedError

    def ask(self) -> None:
        """Send it, always in the same words. Raises Down."""
        raise NotImplementedError

    def in_the_books(self) -> int | None:
        """What stands in the books under its key."""
        raise NotImplementedError


@dataclass
class Request(Act):
    """An act over REST with an Idempotency-Key."""

    line: tuple[int, str] = (0, "")  # port and token
    path: str = ""
    body: str = ""
    status: ClassVar[int]

    def ask(self) -> None:
        port, token = self.line
        headers = {
            "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": self.key,
        }  # fmt: skip
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        try:
            link.request("POST", f"/api/v1/{self.path}", self.body, headers)
            response = link.getresponse()
            status, said = response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Down from error
        finally:
            link.close()
        if status >= 500:
            raise Down(f"{status}")
        answer = json.loads(said)
        if status == self.status:
            self.told = int(answer["id"])
        elif status == 409:
            self.refused = answer["code"]
        else:
            raise AssertionError(f"{self.path} answers {status} {answer}")

    def in_the_books(self) -> int | None:
        body = IdempotentAnswer.objects.filter(key=self.key).values_list("body", flat=True).first()
        return int(body["id"]) if body else None


@dataclass
class Enrol(Request):
    course: int = 0
    price: int = 0
    status = 201

    @property
    def points(self) -> int:
        return -self.price


@dataclass
class Cancel(Request):
    of: Enrol | None = None
    status = 200

    @property
    def points(self) -> int:
        return self.of.price if self.of else 0


@dataclass
class Booking(Act):
    """A verb of the books, called as any code of the product calls it."""

    amount: int = 0
    by: User | None = None

    def ask(self) -> None:
        try:
            self.told = self.call()
        except DatabaseError as error:
            connections.close_all()
            raise Down from error

    def call(self) -> int:
        raise NotImplementedError

    def in_the_books(self) -> int | None:
        return Entry.objects.filter(key=self.key).values_list("pk", flat=True).first()


@dataclass
class Award(Booking):
    @property
    def points(self) -> int:
        return self.amount

    def call(self) -> int:
        assert self.by is not None
        given = ledger.award(
            key=self.key, resident=self.person, price=exactly(self.amount), by=self.by, reason="志愿服务"
        )
        assert given.entry is not None
        return given.entry


@dataclass
class Charge(Booking):
    @property
    def points(self) -> int:
        return -self.amount

    def call(self) -> int:
        assert self.by is not None
        return ledger.charge(
            key=self.key,
            resident=self.person,
            amount=self.amount,
            provider=self.person.community,
            by=self.by,
            reason="兑换",
        )
