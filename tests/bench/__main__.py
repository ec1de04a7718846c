"""`make bench`: every benchmark once, as a table and as var/bench/<name>.json."""

import json
from pathlib import Path

from tests.bench import books, enrol, gathering, ground, growth, imports, rush
from tests.bench.measure import table

OUT = Path("var/bench")


def main() -> None:
    world = ground.lay()
    OUT.mkdir(parents=True, exist_ok=True)
    several = (
        ("books", books), ("enrol", enrol), ("rush", rush), ("gathering", gathering), ("growth", growth), ("imports", imports),
    )  # fmt: skip
    for name, bench in several:
        rows = bench.run(world)
        (OUT / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1))
        print(table((bench.__doc__ or name).splitlines()[0], rows), flush=True)


if __name__ == "__main__":
    main()
