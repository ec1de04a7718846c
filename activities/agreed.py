"""What guardians agreed to, read once for any number of children and only when somebody under age is asked about."""

from collections.abc import Iterable
from functools import cached_property

from communities import consents, guardians
from communities.models import Consent, Resident


class Agreed:
    """About `residents` (their numbers)."""

    def __init__(self, residents: Iterable[int]) -> None:
        self.residents = list(residents)

    def holds(self, child: Resident) -> bool:
        """Whether a guardian's consent to volunteering stands for `child` today."""
        return child.pk in self._consents

    def guardian_of(self, child: Resident) -> Resident | None:
        """The guardian who gave it and still answers for the child."""
        return self._guardians.get(child.pk)

    @cached_property
    def _consents(self) -> frozenset[int]:
        standing = consents.standing(Consent.Purpose.MINOR_VOLUNTEER).filter(resident__in=self.residents)
        return frozenset(number for number in standing.values_list("resident", flat=True) if number)

    @cached_property
    def _guardians(self) -> dict[int, Resident]:
        return guardians.agreed_by_each(self.residents)
