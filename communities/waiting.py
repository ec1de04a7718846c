"""候补: the line of those who wait for a place. Only verbs that choose who is next hold it, each line by a lock of its own.

Held before one's own rows and before the counter (docs/architecture.md, lock order), until the transaction ends.
"""

from core import sql

LARGEST = 2**63 - 1  # no row has a larger number


def hold(line: int, number: int) -> None:
    """Nobody else joins, leaves or moves up in line `number` of the kind `line` until this transaction ends."""
    if number > LARGEST:  # typed into an address: whoever looks next finds nothing
        return
    sql.call("SELECT pg_advisory_xact_lock(hashint8extended(%s, %s))", number, line)
