"""What every page takes from `static/` and `templates/components/`."""

import gzip
import re
from pathlib import Path

import pytest
from django import forms
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import path as route

from core.templatetags.icons import icon

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
urlpatterns = [route("", lambda request: HttpResponse(), name="home")]
ABOVE_THE_FLOOR = re.compile(r":has\(|:is\(|:where\(|color-mix|oklch|@layer|@container|inset:|aspect-ratio|&")


class Phone(forms.Form):
    phone = forms.CharField(label="手机号", help_text="只用来登录")
    since = forms.DateField(label="日期", required=False, widget=forms.DateInput)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def part(component: str, **context: object) -> str:
    return render_to_string(f"components/{component}.html", context)


def test_every_drawing_that_a_template_names_exists() -> None:
    names = {name for path in TEMPLATES for name in re.findall(r'icon[ =]"([a-z0-9-]+)"', text(path))}
    drawn = {path.stem for path in (STATIC / "icons").glob("*.svg")}
    assert len(names) > 15
    assert names <= drawn


def test_a_drawing_is_one_silent_path() -> None:
    drawing = icon("school")
    assert drawing.count("<path") == 1
    assert 'aria-hidden="true"' in drawing
    assert drawing.count("M") == 2


def test_a_drawing_that_is_missing_is_loud() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-drawing")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_obeys_the_content_policy_and_the_house(path: Path) -> None:
    source = text(path)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.sub(r"{%.*?%}", "", source))
    assert not re.search(r"[\u4e00-\u9fff] \d|\d [\u4e00-\u9fff]", source)
    assert source.count("\n") < 150


@pytest.mark.parametrize("name", ["app.css", "desk.css"])
def test_styles_stay_on_the_floor_of_old_browsers(name: str) -> None:
    assert not ABOVE_THE_FLOOR.findall(text(STATIC / name))


def test_first_view_of_a_phone_stays_light() -> None:
    assert len(gzip.compress((STATIC / "app.css").read_bytes())) < 6 * 1024
    assert (STATIC / "app.js").stat().st_size <= 3 * 1024


def test_a_wrong_field_is_tied_to_its_help_and_its_error() -> None:
    html = part("field", field=Phone({"phone": ""})["phone"])
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    assert all(f'id="{one}"' in html for one in described[1].split())
    assert 'for="id_phone"' in html


def test_a_date_has_a_place_for_its_chinese_reading() -> None:
    assert 'data-date="id_since"' in part("field", field=Phone()["since"])


def test_an_act_is_a_form_and_a_way_is_a_link() -> None:
    act = part("actbar", title="名额已满", label="加入候补", url="/x/", post=True, look="ghost", csrf_token="t")
    assert '<form method="post" action="/x/">' in act
    assert 'name="csrfmiddlewaretoken" value="t"' in act
    assert "<form" not in part("actbar", title="还差22积分", label="去赚积分", url="/x/")
    assert "btn" not in part("actbar", title="报名已截止")


def test_a_full_course_says_so_and_a_free_one_too() -> None:
    course = {"title": "花艺插花", "price": 0, "taken": 40, "capacity": 40, "seats_left": 0, "lessons": 8}
    html = part("course_card", course=course, url="/c/1/")
    assert "名额已满" in html
    assert "免费" in html
    assert "bar--full" in html


def test_points_are_grouped_and_nothing_pending_is_not_shown() -> None:
    html = part("balance_card", balance=1286, month_earned=120)
    assert "1,286" in html
    assert "待入账" not in html
    assert "出示我的码" not in html


@pytest.mark.urls("tests.core.test_look")
def test_unread_messages_are_said_aloud() -> None:
    assert "2条未读消息" in part("tab", name="home", icon="user", label="我的", dot=2)


def test_a_page_that_is_not_built_has_no_entry() -> None:
    assert "<a" not in part("desk_link", name="desk:no-such-page", icon="school", label="夜校")


def test_a_page_of_a_list_offers_only_the_ways_there_are() -> None:
    assert part("pager").strip() == ""
    assert "上一页" not in part("pager", next="?after=1")
