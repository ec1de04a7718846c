"""An act for many people is one transaction per person: who is refused does not hold up the others."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from activities.models import Participation
from core.refusals import Refused


class Outcome(NamedTuple):
    """For whom it was done, and who was refused with which sentence."""

    done: list[Participation]
    refused: list[tuple[Participation, Refused]]


def one_by_one(picked: Iterable[Participation], act: Callable[[Participation], Participation]) -> Outcome:
    """Do `act` for each; may be repeated after a break-down, those who are done are then refused."""
    outcome = Outcome([], [])
    for participation in picked:
        try:
            outcome.done.append(act(participation))
        except Refused as refused:
            outcome.refused.append((participation, refused))
    return outcome
