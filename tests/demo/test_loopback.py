"""The demo signs anyone in, so nobody but this machine may reach it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client, override_settings

from demo.loopback import is_loopback

GUARDED = ["demo.loopback.LoopbackOnly", *settings.MIDDLEWARE]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost", "::ffff:127.0.0.1"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.5", "192.168.1.2", "fe80::1", "::ffff:10.0.0.5", "8.8.8.8", "example.com", "", "127.0.0.1.evil.cn"]
)  # fmt: skip
def test_somewhere_else(host: str) -> None:
    assert not is_loopback(host)


@override_settings(MIDDLEWARE=GUARDED)
def test_a_visitor_from_elsewhere_gets_a_sentence_and_no_page() -> None:
    answer = Client(REMOTE_ADDR="10.0.0.5").get("/healthz")
    assert answer.status_code == 403
    assert "只在本机打开" in answer.content.decode()
    assert Client(REMOTE_ADDR="127.0.0.1").get("/healthz").status_code == 200


def run(*argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    surroundings = os.environ | {"DEMO": "1"} | env
    return subprocess.run([sys.executable, *argv], env=surroundings, capture_output=True, text=True, timeout=60)


def test_with_the_demo_every_page_is_guarded_and_the_deploy_check_fails() -> None:
    """In a process of its own, as these tests run without the demo."""
    say = "from django.conf import settings as s; print(s.MIDDLEWARE.index('demo.loopback.LoopbackOnly'))"
    assert run("manage.py", "shell", "-v", "0", "-c", say).stdout.strip() == "1"
    production = {"SITE_URL": "https://hehuoren.example", "DEBUG": "0"}
    checked = run("manage.py", "check", "--deploy", **production)
    assert (checked.returncode, "demo.E001" in checked.stderr) == (1, True)
    assert "demo.E001" not in run("manage.py", "check", "--deploy", DEMO="0", **production).stderr


def test_debug_fails_the_deploy_check() -> None:
    production = {"SITE_URL": "https://hehuoren.example", "DEMO": "0", "DEBUG": "1"}
    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **production)
    assert (checked.returncode, "security.W018" in checked.stderr) == (1, True)


@pytest.mark.parametrize("arguments", [(), ("--bind", "0.0.0.0:18999")])
def test_the_web_server_does_not_start_on_a_network_address(arguments: tuple[str, ...]) -> None:
    bind = "127.0.0.1" if arguments else "0.0.0.0"
    started = run("-m", "gunicorn", "-c", "config/web.py", *arguments, "config.wsgi", BIND=bind, PORT="18999")
    assert started.returncode == 1
    assert started.stderr.strip().endswith("so it is not served on 0.0.0.0: use BIND=127.0.0.1 or DEMO=0.")
