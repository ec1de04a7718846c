"""A few child processes watched from one thread: their lines are prefixed, and none outlives us."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.embedded.process import finish, spawn

TICK = 0.2
Watcher = Callable[[str], None]


class Stopped(Exception):
    """Somebody asked us to stop; not an error."""


class ChildEnded(Exception):
    """A process that the house cannot do without has ended."""


@dataclass
class Child:
    """One program, with the part of its last line that has not ended yet."""

    name: str
    process: subprocess.Popen[bytes]
    pipe: IO[bytes]
    watch: Watcher | None = None
    rest: bytes = b""


@dataclass
class Supervisor:
    """Runs steps to their end and services until told otherwise. No threads: forking with PDEATHSIG needs none."""

    began: float = field(default_factory=time.monotonic)
    services: list[Child] = field(default_factory=list)
    watched: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: bool = False
    heard_at: float = 0.0
    pipes: selectors.DefaultSelector = field(default_factory=selectors.DefaultSelector)

    def catch_signals(self) -> None:
        """From here on SIGINT, SIGTERM and SIGHUP raise Stopped at the next look; `nohup` keeps its meaning."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if sign != signal.SIGHUP or signal.getsignal(sign) is not signal.SIG_IGN:
                signal.signal(sign, self.ask_to_stop)

    def ask_to_stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def say(self, line: str, name: str = "house") -> None:
        """One line of `name`'s, with the seconds since the start."""
        self.tell(f"{time.monotonic() - self.began:6.1f}s {name:>8} | {line}")

    def tell(self, line: str) -> None:
        """One bare line. A reader who has gone does not stop us from cleaning up."""
        try:
            print(line, flush=True)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def start(self, name: str, argv: Sequence[str], env: Mapping[str, str], watch: Watcher | None = None) -> Child:
        """Start a child whose lines appear under `name`; `watch` sees each of them.

        If we are killed it is killed: a worker may not go on for minutes. What it forked sees that and ends too.
        """
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        process = spawn(argv, env=env, cwd=Path.cwd(), output=theirs, last_signal=signal.SIGKILL)
        os.close(theirs)
        child = Child(name, process, os.fdopen(ours, "rb", buffering=0), watch)
        self.pipes.register(child.pipe, selectors.EVENT_READ, child)
        return child

    def serve(self, name: str, argv: Sequence[str], env: Mapping[str, str], watch: Watcher | None = None) -> Child:
        """Start a child that must not end before we do."""
        child = self.start(name, argv, env, watch)
        self.services.append(child)
        self.watched[name] = child.process
        return child

    def step(self, name: str, argv: Sequence[str], env: Mapping[str, str], watch: Watcher | None = None) -> None:
        """Run a child to its end. Raises ChildEnded when it fails."""
        child = self.start(name, argv, env, watch)
        try:
            self.wait(lambda: child.process.poll() is not None)
        finally:
            finish(child.process)
            self.hear_out(child)
        if child.process.returncode != 0:
            raise ChildEnded(f"{name} failed with code {child.process.returncode}")

    def wait(self, done: Callable[[], bool], patience: float | None = None) -> bool:
        """Pass on what the children say until `done()`; False when `patience` seconds were not enough."""
        end = time.monotonic() + patience if patience is not None else None
        while not done():
            for key, _ in self.pipes.select(TICK):
                self.hear(key.data)
            self.look()
            if end is not None and time.monotonic() > end:
                return False
        return True

    def look(self) -> None:
        """Raises Stopped when we were asked to stop, ChildEnded when a service is gone."""
        if self.stopping:
            raise Stopped
        for name, process in self.watched.items():
            if process.poll() is not None:
                raise ChildEnded(f"{name} ended with code {process.returncode}")

    def hear(self, child: Child) -> bool:
        """Pass on the whole lines that `child` has said since; False when there was nothing to read."""
        if child.pipe.closed:
            return False
        said = child.pipe.read()
        if said == b"":  # None: nothing yet; empty: no more, ever
            self.pipes.unregister(child.pipe)
            child.pipe.close()
            said, child.rest = child.rest + b"\n" if child.rest else b"", b""
        *lines, child.rest = (child.rest + (said or b"")).split(b"\n")
        for line in lines:
            self.pass_on(child, line.decode(errors="replace").rstrip())
        return said is not None

    def hear_out(self, child: Child) -> None:
        """All that is left of one that ended; what a child of its own may still say is not waited for."""
        while self.hear(child):
            pass

    def wait_for_silence(self, quiet: float, patience: float) -> None:
        """Until no child has said anything for `quiet` seconds, so that what we say next stays in sight."""
        self.wait(lambda: time.monotonic() - self.heard_at > quiet, patience)

    def pass_on(self, child: Child, line: str) -> None:
        self.heard_at = time.monotonic()
        if child.watch is not None:
            child.watch(line)
        if line:
            self.say(line, child.name)

    def stop(self, grace: float = 10) -> None:
        """End the services, the last started first, each one wholly before the next."""
        for child in reversed(self.services):
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
                self.drain(child, time.monotonic() + grace)
            finish(child.process, grace=0)
            self.hear_out(child)
        self.services.clear()

    def drain(self, child: Child, end: float) -> None:
        """Keep reading while `child` says goodbye: one that cannot write cannot end."""
        while child.process.poll() is None and time.monotonic() < end:
            for key, _ in self.pipes.select(TICK / 4):
                self.hear(key.data)
