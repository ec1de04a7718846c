"""The real web server (gunicorn, as `make run` starts it) on this test's database, for tests that speak of parallel people."""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.process import finish, spawn
from tests.worker import wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> str:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as response:
            return str(response.status)
    except (urllib.error.URLError, OSError):
        return ""


@pytest.fixture
def web(transactional_db: None, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """(host, port) of a running gunicorn; it ends with the test."""
    port = free_port()
    log = tmp_path / "web.log"
    with log.open("wb") as output:
        server = spawn(
            [sys.executable, "-m", "gunicorn", "-c", "config/web.py", "config.wsgi"],
            env={**os.environ, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"},
            cwd=Path.cwd(),
            output=output,
        )
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}"), log.read_text)
        yield "127.0.0.1", port
    finally:
        finish(server)
