"""Sixteen processes at one table: each takes the next act of one deterministic stream, or repeats an old one."""

import multiprocessing
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier
from random import Random

from django.db import connection, connections

from core.refusals import Refused
from tests.races.acts import Table, Void, act_number, booked

HANDS, REPLAYS = 16, 0.15
LOOK_BACK = (HANDS, 300)  # half of the repeats meet the first one while it is being done


@dataclass
class Score:
    """What one hand, or all of them, did and heard."""

    done: Counter[str] = field(default_factory=Counter)  # by name of the act
    refused: Counter[str] = field(default_factory=Counter)  # by code
    void: int = 0  # acts that found nothing to act upon
    replays: int = 0
    replays_of_booked: int = 0
    booked: dict[int, set[int]] = field(
        default_factory=dict
    )  # number of the act: what it booked, each time it was done
    wrong: list[str] = field(default_factory=list)

    @property
    def acts(self) -> int:
        return self.done.total() + self.refused.total() + self.void

    def add(self, other: "Score") -> None:
        self.done += other.done
        self.refused += other.refused
        self.void += other.void
        self.replays += other.replays
        self.replays_of_booked += other.replays_of_booked
        self.wrong += other.wrong
        for number, ids in other.booked.items():
            self.booked.setdefault(number, set()).update(ids)


@dataclass
class Seat:
    """What a hand was forked with."""

    table: Table
    gate: Barrier
    counter: "Synchronized[int]"
    seconds: float
    least: int


_seat: list[Seat] = []


def _sit_down(seat: Seat) -> None:
    _seat.append(seat)


def play(table: Table, *, seconds: float, least: int) -> Score:
    """Every hand acts for `seconds`, and goes on until it has done `least` acts: a slow machine takes longer."""
    connections.close_all()  # a connection does not survive a fork
    forked = multiprocessing.get_context("fork")
    seat = Seat(table, forked.Barrier(HANDS), forked.Value("q", 0), seconds, least)
    score = Score()
    with ProcessPoolExecutor(HANDS, mp_context=forked, initializer=_sit_down, initargs=(seat,)) as pool:
        for one in pool.map(_hand, range(HANDS)):
            score.add(one)
    return score


def _hand(hand: int) -> Score:
    """One process. The gate makes sure that each of them plays: nobody passes before all are there."""
    (seat,), score, moods = _seat, Score(), Random(f"{hand}")
    try:
        connection.ensure_connection()
        seat.gate.wait()
        end = time.monotonic() + seat.seconds
        while time.monotonic() < end or score.acts < seat.least:
            with seat.counter.get_lock():
                seat.counter.value += 1
                number = seat.counter.value
            replay = moods.random() < REPLAYS
            if replay:
                number = moods.randint(max(1, number - moods.choice(LOOK_BACK)), max(1, number - 1))
            _do(seat.table, number, score, replay=replay)
    finally:
        connections.close_all()
    return score


def _do(table: Table, number: int, score: Score, *, replay: bool) -> None:
    """Do the act of this number once and write down what came of it; what was booked before must come back."""
    before = booked(table, number) if replay else None
    name, act = act_number(table, number)
    try:
        result = act()
    except Void:
        score.void += 1
        result = None
    except Refused as refusal:
        score.refused[refusal.code] += 1
        result = None
    except Exception as error:  # the test shows every one of them
        score.wrong.append(f"{name} {number}: {error!r}")
        return
    else:
        score.done[name] += 1
        if result is not None:
            score.booked.setdefault(number, set()).add(result)
    score.replays += replay
    if before is not None:
        score.replays_of_booked += 1
        if result != before:
            score.wrong.append(f"{name} {number} was booked as {before} and came back as {result}")
