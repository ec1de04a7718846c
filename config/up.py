"""`make run`: everything the product needs, started in order, watched, and stopped together.

Knobs are read from the environment: PORT, BIND, DATA_DIR, DEMO, DATABASE_URL with DATABASE_OWNER_URL, BROKER_URL.
"""

import errno
import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded import kept
from config.embedded.lock import Taken, held
from config.embedded.process import follow_parent
from config.embedded.secret import kept_secret
from config.supervisor import ChildEnded, Stopped, Supervisor

PYTHON = sys.executable
SIGN_IN = "登录 | "
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PORT_PATIENCE = 3.0
# The demo serves static files from where they lie, and root may well try it out.
HARMLESS = ("No directory at", "You're running the worker with superuser privileges")


@dataclass(frozen=True)
class Plan:
    """What was asked for, checked before anything starts. Refusals are plain sentences (SystemExit)."""

    bind: str
    port: int
    data_dir: Path
    demo: bool

    @property
    def address(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.bind, self.bind)  # noqa: S104
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"


def plan(env: dict[str, str]) -> Plan:
    """Read the environment. Refuses half a database, a port that is no port, and a demo open to the network."""
    if ("DATABASE_URL" in env) != ("DATABASE_OWNER_URL" in env):
        raise SystemExit("Set DATABASE_URL (the application's login) and DATABASE_OWNER_URL (the owner's) together.")
    port = env.get("PORT", "8000")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise SystemExit(f"PORT must be a number from 1 to 65535, not {port!r}.")
    bind, demo = env.get("BIND", "127.0.0.1"), env.get("DEMO", "1") == "1"
    if demo and bind not in LOOPBACK:
        raise SystemExit(f"The demo signs anyone in, so it is not served on {bind}: use BIND=127.0.0.1 or DEMO=0.")
    return Plan(bind, int(port), Path(env.get("DATA_DIR") or "var").absolute(), demo)


def refuse_busy_port(asked: Plan, house: Supervisor) -> None:
    """Refuse a port that somebody else serves; one that a killed run is just leaving gets a moment."""
    end = time.monotonic() + PORT_PATIENCE
    while port_is_busy(asked):
        if time.monotonic() > end:
            raise SystemExit(f"Port {asked.port} on {asked.bind} is in use: stop that program, or set PORT.")
        house.wait(lambda: False, patience=0.3)


def port_is_busy(asked: Plan) -> bool:
    family = socket.AF_INET6 if ":" in asked.bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((asked.bind, asked.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise SystemExit(f"Cannot listen on {asked.bind}:{asked.port}: {error.strerror}.") from None
    return False


@contextmanager
def data_dir_of_our_own(asked: Plan) -> Iterator[None]:
    """Hold DATA_DIR: two houses on one folder would stop each other's servers and run two beats."""
    try:
        asked.data_dir.mkdir(parents=True, exist_ok=True)
        with held(asked.data_dir / "lock"):
            yield
    except Taken:
        raise SystemExit(f"Another `make run` uses {asked.data_dir}: stop it, or set DATA_DIR.") from None
    except PermissionError as error:
        raise SystemExit(f"Cannot write {error.filename}: set DATA_DIR to a folder of your own.") from None


def surroundings(asked: Plan, env: dict[str, str]) -> dict[str, str]:
    """What the children read, without the servers' addresses."""
    return {
        "SECRET_KEY": kept_secret(asked.data_dir / "secret-key"),
        "DATA_KEYS": kept_secret(asked.data_dir / "data-key"),
        "SITE_URL": asked.address.rstrip("/"),
        "LOG_FORMAT": "plain",
        **env,
        "DEMO": "1" if asked.demo else "0",
        "DATA_DIR": str(asked.data_dir),
        "BIND": asked.bind,
        "PORT": str(asked.port),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": ",".join(f"ignore:{warning}" for warning in HARMLESS),
    }


def prepare(house: Supervisor, env: dict[str, str], owner: str, *, demo: bool) -> list[str]:
    """Migrate as the owner, then fill the demo as the application. Returns the demo's sign-in lines."""
    house.say("migrating the database")
    house.step("migrate", [PYTHON, "manage.py", "migrate"], env | {"DATABASE_URL": owner})
    sign_ins: list[str] = []
    if demo:
        house.say("looking after the demo sub-district (the first time takes a while)")

        def remember(line: str) -> None:
            if line.startswith(SIGN_IN):
                sign_ins.append(line)

        house.step("demo", [PYTHON, "manage.py", "demo"], env, remember)
    return sign_ins


def serve(house: Supervisor, asked: Plan, env: dict[str, str]) -> None:
    """Web first, so that there is a page to see; then the worker and exactly one beat."""
    house.say("starting the web server")
    house.serve("web", [PYTHON, "-m", "gunicorn", "-c", "config/web.py", "config.wsgi"], env)
    if not house.wait(lambda: answers(asked), patience=60):
        raise ChildEnded("the web server does not answer")
    house.say(f"the page is served: {asked.address}")
    celery = [PYTHON, "-m", "celery", "-q", "-A", "config"]
    ready: list[str] = []

    def listen(line: str) -> None:
        if " ready." in line:
            ready.append(line)

    worker = [*celery, "worker", "-l", "INFO", "--without-gossip", "--without-mingle"]
    house.serve("worker", [*worker, "-c", "2"], env, listen)
    house.serve("urgent", [*worker, "-c", "1", "-Q", "urgent", "-n", "urgent@%h"], env)
    schedule = str(asked.data_dir / "beat-schedule")
    house.serve("beat", [*celery, "beat", "-l", "WARNING", "-s", schedule, "--pidfile="], env)
    house.wait(lambda: bool(ready), patience=30)
    house.wait_for_silence(quiet=1, patience=6)


def answers(asked: Plan) -> bool:
    """Whether /healthz answers; asked directly, whatever proxy the environment names."""
    parts = urlsplit(asked.address)
    line = http.client.HTTPConnection(parts.hostname or "", asked.port, timeout=2)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def run(house: Supervisor) -> None:
    """The whole life of the house; ends by an exception."""
    env = dict(os.environ)
    asked = plan(env)
    refuse_busy_port(asked, house)
    with data_dir_of_our_own(asked):
        own = {"database": "DATABASE_URL" not in env, "broker": "BROKER_URL" not in env}
        with kept(asked.data_dir, say=house.say, **own) as servers:
            house.watched.update(servers.processes)
            env = surroundings(asked, env) | servers.env
            owner = env.pop("DATABASE_OWNER_URL")
            sign_ins = prepare(house, env, owner, demo=asked.demo)
            try:
                serve(house, asked, env)
                house.say("ready; stop with Ctrl-C")
                for line in ("", *sign_ins, f"打开 | {asked.address}"):
                    house.tell(line)
                house.wait(lambda: False)
            finally:
                house.say("stopping")
                house.stop()


def main() -> int:
    house = Supervisor()
    house.catch_signals()
    if "--with-parent" in sys.argv:
        follow_parent()
    try:
        run(house)
    except Stopped:
        house.say("stopped")
    except ChildEnded as ended:
        house.say(f"{ended}: everything was stopped")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
