"""CPU of one operation (this process and its database backend), wall time, and percentiles."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

TICK = 100  # jiffies a second in /proc


def backend() -> int:
    """The process that serves this connection; it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def cpu() -> float:
    """Seconds of CPU that this process and its database backend have used."""
    backend_ns = int(Path(f"/proc/{backend()}/schedstat").read_text().split()[0])
    return backend_ns / 1e9 + time.process_time()


def cpu_of_others() -> float:
    """Seconds of CPU of our children and of the server's other sessions, of those that have ended."""
    time.sleep(0.3)  # until the server has seen its session end
    postmaster = _stat(backend())[1]
    ended = _stat(postmaster)
    children = os.times()
    return (ended[13] + ended[14]) / TICK + children.children_user + children.children_system


def _stat(pid: int) -> list[int]:
    """The fields of /proc/<pid>/stat after the name and the state, as numbers; its parent is the first of them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return [0, *(int(field) for field in fields[1:])]


@dataclass
class Variant:
    """One way of doing the same thing; `run(n)` does the n-th operation."""

    name: str
    run: Callable[[int], object]
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def batch(self, numbers: Sequence[int]) -> None:
        """Run a batch, adding its CPU per operation and each operation's wall time."""
        before = cpu()
        for number in numbers:
            begin = time.perf_counter()
            self.run(number)
            self.wall.append(time.perf_counter() - begin)
        self.cpu.append((cpu() - before) / len(numbers))

    def row(self) -> dict[str, float | str]:
        p50, p95, p99 = (statistics.quantiles(self.wall, n=100)[q - 1] for q in (50, 95, 99))
        return {
            "variant": self.name, "cpu_us": round(statistics.fmean(self.cpu) * 1e6),
            "p50_us": round(p50 * 1e6), "p95_us": round(p95 * 1e6), "p99_us": round(p99 * 1e6),
        }  # fmt: skip


def interleave(variants: Sequence[Variant], rounds: int, size: int) -> None:
    """Rounds of batches, the order turned each round, so that the machine's mood meets all alike."""
    number = 0
    for turn in range(rounds):
        order = [*variants[turn % len(variants) :], *variants[: turn % len(variants)]]
        for variant in order:
            variant.batch(range(number, number + size))
            number += size


def table(title: str, rows: Sequence[dict[str, float | str]]) -> str:
    columns = list(rows[0])
    lines = [title, " | ".join(columns), " | ".join("---" for _ in columns)]
    return "\n".join([*lines, *(" | ".join(str(row[column]) for column in columns) for row in rows), ""])
