"""`make mutants`: plants every fault in a database of its own, and expects the named test to deny it.

Names of faults as arguments choose some. `python -m tests.mutants --table` prints the README's table, `--write` puts it there.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.mutants import readme
from tests.mutants.databases import migrate_template
from tests.mutants.fault import Fault
from tests.mutants.faults import FAULTS
from tests.mutants.running import KILLED, Result, attempt, control

OUT = Path("var/mutants.json")
AT_A_TIME = 2


def main(asked: list[str]) -> int:
    """0 when the control was green and every fault was killed."""
    if asked in (["--table"], ["--write"]):
        print(readme.table(), end="") if asked == ["--table"] else readme.write()
        return 0
    if unknown := set(asked) - {fault.name for fault in FAULTS}:
        print(f"no such fault: {', '.join(sorted(unknown))}")
        return 2
    faults = [fault for fault in FAULTS if not asked or fault.name in asked]
    began = time.monotonic()
    migrate_template()
    nodes = list(dict.fromkeys(fault.node for fault in faults))
    halves = [half for half in (nodes[::2], nodes[1::2]) if half]
    results = together(partial(control, half, number) for number, half in enumerate(halves))
    if any(result.verdict != "green" for result in results):
        print("The named tests do not pass on a sound database: nothing is proved.")
        return 1
    return report(faults, results, began)


def report(faults: Sequence[Fault], results: list[Result], began: float) -> int:
    found = together(partial(attempt, fault, number) for number, fault in enumerate(faults))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([one.as_dict() for one in results + found], ensure_ascii=False, indent=1))
    killed = sum(one.verdict == KILLED for one in found)
    print(f"{killed} of {len(found)} faults killed in {time.monotonic() - began:.0f} s; details in {OUT}")
    return 0 if killed == len(found) else 1


def together(acts: Iterable[Callable[[], Result]]) -> list[Result]:
    """Do them, some at a time, and print each line when its turn has come."""
    found = []
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for result in pool.map(lambda act: act(), acts):
            said = result.said.strip() if result.verdict not in (KILLED, "green") else ""
            print(
                f"{result.verdict:>8} {result.seconds:5.1f} s  {result.name}  ({result.test}){said and chr(10) + said}",
                flush=True,
            )
            found.append(result)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
