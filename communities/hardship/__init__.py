"""优待依据 (domain guide, 6.4): recorded by one colleague, verified by another, counted until its check date.

Which category it is stands sealed; the reviewer and the family read it (`read`), and nobody else, not even who wrote it down.
"""

from communities.hardship.counting import Best, best_of_many, best_on
from communities.hardship.deciding import decline, end, on_change, verify
from communities.hardship.kinds import About, Category, Said
from communities.hardship.opening import read
from communities.hardship.recording import Again, record, renew

__all__ = [
    "About",
    "Again",
    "Best",
    "Category",
    "Said",
    "best_of_many",
    "best_on",
    "decline",
    "end",
    "on_change",
    "read",
    "record",
    "renew",
    "verify",
]
