"""The scenarios one after the other, their figures, and what is wrong."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from statistics import median

from tests.bench.measure import table
from tests.crash import audit, ground, outbox, sweep
from tests.crash.clients import clients
from tests.crash.ground import House
from tests.crash.interrupted import Round, Scenario, until_wrong
from tests.crash.programs import Web, Worker
from tests.crash.servers import Servers
from tests.world import build


def postgres(house: House, times: int, seed: str) -> list[Round]:
    """The web server stays, and must find the database again by itself."""
    laid = ground.lay(house, most=6)
    people = clients(laid, seed, rest=6, books=2)
    scenario = Scenario(laid, people, house.servers.kill_postgres, house.servers.postgres.start, Random(seed))
    return until_wrong(scenario.play, times)


def web(house: House, times: int, seed: str) -> list[Round]:
    """Every process of gunicorn's; the database rolls back what they had begun."""
    laid = ground.lay(house, most=8)
    scenario = Scenario(laid, clients(laid, seed, rest=8, books=0), house.web.kill, house.web.start, Random(seed))
    return until_wrong(scenario.play, times)


SCENARIOS: dict[str, Callable[[House, int, str], list[Round]]] = {
    "postgres": postgres,
    "web": web,
    "worker": outbox.worker,
    "sweep": sweep.worker,
}


def run(servers: Servers, names: Sequence[str], *, times: int, seed: int, out: Path) -> int:
    """1 when anything is wrong."""
    ground.migrate()
    house = House(servers, build(), Web(servers.home), Worker(servers.home))
    wrong: list[str] = []
    try:
        house.web.start()
        for name in names:
            rounds = SCENARIOS[name](house, times, f"{name}-{seed}")
            wrong += complaints(name, rounds)
            (out / f"{name}.json").write_text(json.dumps([asdict(one) for one in rounds], ensure_ascii=False, indent=1))
            print(table(f"kill -9: {name}", [row(rounds)]), flush=True)
    finally:
        house.worker.stop()
        house.web.stop()
    print("\n".join(wrong) or "Nothing acknowledged is lost, nothing is booked twice, every promise holds.")
    return 1 if wrong else 0


def complaints(name: str, rounds: Sequence[Round]) -> list[str]:
    """What was wrong in each round, with the books as staff check them, and a scenario that interrupted nobody."""
    found = [f"{name} {n}: {said}" for n, one in enumerate(rounds, 1) for said in one.wrong]
    found += [f"{name}: {said}" for said in audit.checked_from_outside()]
    if 2 * sum(one.in_flight > 0 for one in rounds) < len(rounds):
        found.append(f"{name}: mostly nothing was in flight when it was killed, so this shows little")
    return found


def row(rounds: Sequence[Round]) -> dict[str, float | str]:
    def wrong(kind: str) -> int:
        return sum(said.startswith(kind) for one in rounds for said in one.wrong)

    return {
        "times": len(rounds), "acknowledged": sum(one.acknowledged for one in rounds),
        "in flight": sum(one.in_flight for one in rounds), "of these done": sum(one.landed for one in rounds),
        "messages": sum(one.messages for one in rounds),
        "lost": wrong("lost"), "twice": wrong("twice"), "untied": wrong("untied"), "breaches": wrong("breach"),
        "seconds until all is well": median(one.again for one in rounds),
    }  # fmt: skip
