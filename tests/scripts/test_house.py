"""Each house rule sees what it forbids, and lets pass what is allowed beside it."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from communities.models import Community
from scripts.house import files, layers, pages, python


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], files.Source]:
    """`source(path, text)`: a file of a repository made for the test."""
    monkeypatch.setattr(files, "ROOT", tmp_path)

    def write(path: str, text: str) -> files.Source:
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text))
        return files.Source(place)

    return write


FORBIDDEN = [
    (python.signal_receiver, "nightschool/enrolment.py", "@receiver(post_save)\ndef told(): ..."),
    (python.signal_receiver, "nightschool/enrolment.py", "@dispatch.receiver(post_save)\ndef told(): ..."),
    (python.save_on_a_model, "nightschool/models.py", "class Course:\n    def save(self): ..."),
    (python.save_on_a_model, "nightschool/models/course.py", "class Course:\n    def save(self): ..."),
    (python.import_inside, "nightschool/desk.py", "def page():\n    from points import ledger"),
    (python.import_inside, "nightschool/apps.py", "class Config:\n    def later(self):\n        import points"),
    (python.bare_delay, "nightschool/enrolment.py", "deliver.delay(1)"),
    (python.bare_delay, "nightschool/enrolment.py", "deliver.apply_async((1,))"),
    (python.bare_delay, "nightschool/tasks.py", "deliver.apply_async((1,), countdown=60)"),
    (python.bare_delay, "nightschool/enrolment.py", "transaction.on_commit(lambda: t.apply_async(eta=at))"),
    (python.models_know_no_process, "nightschool/models.py", "from nightschool.enrolment import CourseFull"),
    (python.models_know_no_process, "nightschool/models.py", "from nightschool import enrolment"),
    (python.models_know_no_process, "nightschool/models.py", "import nightschool.enrolment"),
    (python.vague_name, "nightschool/services.py", ""),
    (python.file_size, "nightschool/enrolment.py", "x = 1\n" * 401),
    (python.function_size, "nightschool/enrolment.py", "def long():\n" + "    x = 1\n" * 40),
]
ALLOWED = [
    (python.save_on_a_model, "nightschool/forms.py", "class Form:\n    def save(self): ..."),
    (python.import_inside, "nightschool/apps.py", "class Config:\n    def ready(self):\n        import points"),
    (python.bare_delay, "nightschool/tasks.py", "deliver.apply_async((1,))"),
    (python.bare_delay, "nightschool/enrolment.py", "transaction.on_commit(lambda: relay.delay())"),
    (python.bare_delay, "nightschool/enrolment.py", "transaction.on_commit(relay.delay)"),
    (python.models_know_no_process, "nightschool/models/course.py", "from nightschool.models.room import Room"),
    (python.models_know_no_process, "nightschool/models.py", "from communities.places import near"),
    (python.file_size, "nightschool/enrolment.py", "x = 1\n" * 400),
    (python.function_size, "nightschool/enrolment.py", "def long():\n" + "    x = 1\n" * 39),
]


@pytest.mark.parametrize(("rule", "path", "text"), FORBIDDEN)
def test_what_is_forbidden_is_found(
    source: Callable[[str, str], files.Source], rule: python.Rule, path: str, text: str
) -> None:
    found = list(rule(source(path, text)))
    assert len(found) == 1
    assert str(found[0]).startswith(f"{path}:")


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_what_is_allowed_passes(
    source: Callable[[str, str], files.Source], rule: python.Rule, path: str, text: str
) -> None:
    assert list(rule(source(path, text))) == []


def test_every_rule_has_a_forbidden_example() -> None:
    assert {rule for rule, _, _ in FORBIDDEN} == set(python.RULES)


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ('<p style="color: red">', 1),
        ("<style>p { }</style>", 1),
        ("<script>go()</script>", 1),
        ('<a onclick="go()">', 1),
        ('<a href="javascript:go()">', 1),
        ('<p hx-on:click="go()">', 1),
        ('<script src="//cdn.example/htmx.js"></script>', 1),
        ('<script src="{% static "htmx.js" %}" defer></script>', 0),
        ('<a href="https://www.example.org/">', 0),
        ("{# style= #}", 0),
        ('<p class="style" data-only="x">', 0),
    ],
)
def test_a_template_says_nothing_that_the_csp_refuses(tmp_path: Path, text: str, finds: int) -> None:
    blanked = pages.blanked(text, pages.TEMPLATE_COMMENT)
    assert len(list(pages.matches(tmp_path, blanked, pages.IN_TEMPLATES))) == finds


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("a:has(b) { }", 1),
        ("a { color: color-mix(in srgb, red, blue) }", 1),
        ("a { color: oklch(1 0 0) }", 1),
        ("@layer base { }", 1),
        ("@container (width > 1px) { a { } }", 1),
        ("a { b { color: red } }", 1),
        ("a { & b { color: red } }", 1),
        ("@media print { a { color: red } b { color: red } }", 0),
        ("@media print { a { b { color: red } } }", 1),
        ("@import url(//fonts.example/a.css);", 1),
        ("/* a:has(b) */ a { color: red }", 0),
    ],
)
def test_a_style_sheet_holds_to_the_oldest_browsers(tmp_path: Path, text: str, finds: int) -> None:
    text = pages.blanked(text, pages.COMMENT)
    assert len([*pages.matches(tmp_path, text, pages.IN_STYLES), *pages.nesting(tmp_path, text)]) == finds


@pytest.fixture
def low_app() -> Iterator[type[models.Model]]:
    """A table of `points` that points up to a course by name only."""
    with isolate_apps("points"):

        class Upward(models.Model):
            course = models.ForeignKey("nightschool.Course", on_delete=models.CASCADE)
            community = models.ForeignKey(Community, on_delete=models.CASCADE)

            class Meta:
                app_label = "points"

        yield Upward


def test_a_relation_by_name_to_a_higher_layer_is_found(low_app: type[models.Model]) -> None:
    course, community = low_app._meta.get_field("course"), low_app._meta.get_field("community")
    course.remote_field.model = apps.get_model("nightschool", "Course")
    found = [str(finding) for field in (course, community) for finding in layers.upward(low_app, field)]
    assert found == ["points/models.py:1: Upward.course points from points up or across to nightschool"]


def test_the_house_has_no_such_relation_and_no_app_without_a_layer() -> None:
    assert [*layers.relations(), *layers.unplaced_apps()] == []
