"""What everybody may see of a draw, and docs/draw.py on the file of a real one: any change of list, salt or order shows."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nightschool.applications import drawing_lots, proof as draw_proof
from nightschool.models import Course
from tests import world as cast
from tests.nightschool.applicants import after, applied, by_approval, by_draw, neighbours
from tests.world import World

pytestmark = pytest.mark.django_db
SCRIPT = settings.BASE_DIR / "docs" / "draw.py"


@pytest.fixture
def course(world: World) -> Course:
    """Twelve applied, two of them have had a seat; four seats."""
    made, people = by_draw(world, capacity=4), neighbours(world, 12)
    cast.seated(cast.course(world.wenxing, price=0), *people[:2])
    applied(made, *people)
    drawing_lots.sweep(after(made))
    return made


def recomputed(tmp_path: Path, file: Any) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "list.json"
    path.write_text(file if isinstance(file, str) else json.dumps(file), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", SCRIPT, path], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_script_finds_nothing_wrong_with_the_file_that_everybody_downloads(
    course: Course, client: Client, tmp_path: Path
) -> None:  # fmt: skip
    answer = client.get(f"/night-school/{course.pk}/draw/list.json")
    assert answer.headers["Content-Disposition"].endswith(f'"draw-{course.pk}.json"')
    done = recomputed(tmp_path, answer.content.decode())
    assert (done.returncode, done.stdout.strip()) == (0, "核对无误：承诺值、名单和次序都对得上")
    file = json.loads(answer.content)
    assert (len(file["entries"]), len(file["order"]), file["results"]) == (12, 12, {"seated": 4, "waiting": 8})
    assert sorted(lots for _, lots in file["entries"]) == [1, 1] + [2] * 10


def swapped(file: dict[str, Any]) -> None:
    file["order"][0], file["order"][1] = file["order"][1], file["order"][0]


def other_salt(file: dict[str, Any]) -> None:
    file["salt"] = file["salt"][:-1] + ("0" if file["salt"][-1] != "0" else "1")


def with_promise(file: dict[str, Any]) -> None:
    other_salt(file)
    file["commitment"] = drawing_lots._digest(file["salt"])


def relisted(change: Callable[[list[list[int]]], None]) -> Callable[[dict[str, Any]], None]:
    def act(file: dict[str, Any]) -> None:
        change(file["entries"])

    return act


TAMPERED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "two places swapped": (swapped, "次序"),
    "another salt": (other_salt, "承诺值"),
    "another salt with a promise to fit": (with_promise, "次序"),
    "a lot more for a regular": (relisted(lambda rows: rows.__setitem__(0, [rows[0][0], 2])), "名单指纹"),
    "a lot less for a newcomer": (relisted(lambda rows: rows.__setitem__(5, [rows[5][0], 1])), "名单指纹"),
    "somebody left out": (relisted(lambda rows: rows.pop()), "名单指纹"),
    "somebody added": (relisted(lambda rows: rows.append([99, 2])), "名单指纹"),
    "somebody with three lots": (relisted(lambda rows: rows.__setitem__(3, [rows[3][0], 3])), "签数"),
    "somebody twice": (relisted(lambda rows: rows.append(rows[0])), "重复"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_the_script_sees_every_change(course: Course, tmp_path: Path, case: str) -> None:
    tamper, said = TAMPERED[case]
    file = draw_proof.published(draw_proof.draw_of(course.pk))
    tamper(file)
    done = recomputed(tmp_path, file)
    assert done.returncode == 1 and said in done.stdout


def test_before_the_draw_the_script_says_so(world: World, tmp_path: Path) -> None:
    done = recomputed(tmp_path, draw_proof.as_json(draw_proof.draw_of(by_draw(world).pk)))
    assert (done.returncode, "还没有抽签" in done.stdout) == (1, True)


def test_the_script_stands_alone_in_forty_lines() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 40
    assert {line.split()[1] for line in lines if line.startswith(("import ", "from "))} == {"json", "sys", "hashlib"}


def test_everybody_sees_promise_list_and_order_and_nobodys_name(course: Course, client: Client) -> None:
    page = client.get(f"/night-school/{course.pk}/draw/").content.decode()
    file = draw_proof.published(draw_proof.draw_of(course.pk))
    assert file["commitment"] in page and file["salt"] in page and file["entries_sha256"] in page
    assert f"编号{file['order'][0]}" in page and "三分之二" in page and "这次10人有2个签" in page
    assert "转入候补" in page and '<b class="num">8人</b>' in page
    text = client.get(f"/night-school/{course.pk}/draw/list.txt").content.decode()
    assert f"\n1 {file['order'][0]} " in text and file["salt"] in text
    for shown in (page, text, json.dumps(file, ensure_ascii=False)):
        assert "邻居" not in shown and "1390001" not in shown


def test_before_the_draw_the_promise_stands_and_nothing_of_the_list(world: World, client: Client) -> None:
    course = by_draw(world)
    applied(course, world.wang)
    page = client.get(f"/night-school/{course.pk}/draw/").content.decode()
    assert course.draw.commitment in page and "抽签后公布" in page and "编号1" not in page
    file = json.loads(client.get(f"/night-school/{course.pk}/draw/list.json").content)
    assert (file["salt"], file["entries"], file["order"], file["applied"]) == ("", [], [], 0)
    assert course.draw.commitment in client.get(f"/night-school/{course.pk}/").content.decode()


def test_other_courses_other_files_and_drafts_are_not_there(world: World, client: Client) -> None:
    assert client.get(f"/night-school/{by_approval(world).pk}/draw/").status_code == 404
    course = by_draw(world)
    assert client.get(f"/night-school/{course.pk}/draw/list.csv").status_code == 404
    assert client.get(f"/night-school/{by_draw(world, status='draft').pk}/draw/").status_code == 404


def test_the_script_can_be_had_from_the_page(client: Client, db: None) -> None:
    answer = client.get("/night-school/draw.py")
    assert b"".join(answer.streaming_content) == SCRIPT.read_bytes()  # type: ignore[attr-defined]


def test_the_page_of_a_long_list_asks_no_more_of_the_database(world: World, client: Client) -> None:
    def asked(many: int, start: int) -> int:
        course = by_draw(world, capacity=2)
        applied(course, *[cast.resident(world.wenxing, f"户{start + n}") for n in range(many)])
        drawing_lots.freeze(course_id=course.pk, by=world.system, at=after(course))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/night-school/{course.pk}/draw/").status_code == 200
        return len(seen)

    assert asked(1, 0) == asked(30, 100) <= 6
