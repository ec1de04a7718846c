"""What docker-compose.yml promises, read from the real Compose: who knows which word, and what is published."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.check import COMPOSE

OURS = {"migrate", "web", "worker", "urgent", "beat"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = Path(sys.executable).with_name("docker-compose")
    words = {"OWNER_PASSWORD": "owner-word", "APP_PASSWORD": "app-word", "POSTGRES_PASSWORD": "root-word"}
    done = subprocess.run([compose, "config", "--format", "json"], env=COMPOSE | words, capture_output=True, check=True)
    return dict(json.loads(done.stdout)["services"])


def test_only_the_proxy_is_published(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if service.get("ports")} == {"proxy"}


def test_the_owners_word_is_known_to_migrate_and_the_database_alone(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "owner-word" in json.dumps(service)} == {
        "migrate",
        "postgres",
    }
    assert {name for name, service in services.items() if "root-word" in json.dumps(service)} == {"postgres"}


def test_everything_of_ours_waits_for_the_migration(services: dict[str, Any]) -> None:
    for name in OURS - {"migrate"}:
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_there_is_one_beat_and_nothing_of_ours_runs_as_the_demo(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "beat" in (service.get("command") or [])] == ["beat"]
    assert services["beat"].get("deploy", {}).get("replicas", 1) == 1
    assert {services[name]["environment"]["DEMO"] for name in OURS} == {"0"}


def test_postgresql_keeps_its_data_and_chinese(services: dict[str, Any]) -> None:
    postgres = services["postgres"]
    assert [mount["target"] for mount in postgres["volumes"] if mount["type"] == "volume"] == ["/var/lib/postgresql"]
    assert "--builtin-locale=C.UTF-8" in postgres["environment"]["POSTGRES_INITDB_ARGS"]


def test_valkey_writes_every_task_down(services: dict[str, Any]) -> None:
    command = services["valkey"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"


def test_logs_go_where_containers_do_not_take_them_along(services: dict[str, Any]) -> None:
    assert {service["logging"]["driver"] for service in services.values()} == {"journald"}
    kept = re.search(r"^MaxRetentionSec=(\d+)month$", Path("deploy/journald.conf").read_text(), re.MULTILINE)
    assert kept is not None
    assert int(kept[1]) > 6


@pytest.mark.parametrize("missing", sorted(COMPOSE))
def test_a_missing_word_stops_compose(missing: str) -> None:
    compose = Path(sys.executable).with_name("docker-compose")
    given = {name: word for name, word in COMPOSE.items() if name != missing}
    done = subprocess.run([compose, "config", "-q"], env=given, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert missing in done.stderr


def test_the_example_names_every_word_that_compose_needs() -> None:
    example = Path(".env.example").read_text()
    assert [name for name in COMPOSE if not re.search(rf"^{name}=", example, re.MULTILINE)] == []
