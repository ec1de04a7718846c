"""`make check`: every promise about the code that a machine can look after. Two steps run at a time.

Needs the environment of `python -m config.embedded`. Names as arguments choose steps: `make check ARGS="types house"`.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

PYTHON = (sys.executable, "-m")
MANAGE = (sys.executable, "manage.py")
AT_A_TIME = 2
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])"

PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "0",
    "SITE_URL": "https://hehuoren.example",
    "ALLOWED_HOSTS": "hehuoren.example",
    "TRUSTED_PROXIES": "1",
}
COMPOSE = {
    "SITE_URL": "https://hehuoren.example",
    "SERVER_NAME": "hehuoren.example",
    "SECRET_KEY": "x",
    "DATA_KEYS": "x",
    "POSTGRES_PASSWORD": "x",
    "OWNER_PASSWORD": "x",
    "APP_PASSWORD": "x",
}


@dataclass(frozen=True)
class Step:
    """One command and what it needs on top of the environment."""

    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)


# The slow ones first, so that the others run beside them.
STEPS = (
    Step("types", (*PYTHON, "mypy")),
    Step("layers", (sys.executable, "-c", LINT_IMPORTS)),
    Step("house", (*PYTHON, "scripts.house")),
    Step("schema", (*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)),
    Step("deploy", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Step("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    Step("lint", (*PYTHON, "ruff", "check", ".")),
    Step("format", (*PYTHON, "ruff", "format", "--check", ".")),
    Step("compose", (os.path.join(os.path.dirname(sys.executable), "docker-compose"), "config", "-q"), COMPOSE),
)


def run(step: Step) -> bool:
    """Run one step; say how it went, and everything it said when it failed."""
    began = time.monotonic()
    done = subprocess.run(step.command, env=os.environ | step.env, capture_output=True, text=True, check=False)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    said = "" if done.returncode == 0 else f"\n{done.stdout}{done.stderr}"
    print(f"{verdict:>6} {step.name} ({time.monotonic() - began:.1f} s){said}", flush=True)
    return done.returncode == 0


def main() -> int:
    wanted = sys.argv[1:] or [step.name for step in STEPS]
    if unknown := set(wanted) - {step.name for step in STEPS}:
        print(f"no such step: {', '.join(sorted(unknown))}")
        return 2
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        results = list(pool.map(run, [step for step in STEPS if step.name in wanted]))
    print(f"{sum(results)} of {len(results)} checks passed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
