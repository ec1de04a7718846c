"""What short messages may say, how long they are, and that a provider is given what they are filled with."""

import ast
import re
from typing import Any

import pytest

from communities import signin
from communities.sending import Fate, Outgoing, Receipt
from core.sql import ROOT
from notifications import outbox, templates
from notifications.models import Message
from notifications.templates import Template, cut, parts_of
from tests.communities import phonebox
from tests.world import World

APPS = ("activities", "childcare", "nightschool", "partners", "points", "venues")
WHEN = "12月24日（周四）19:00"
# The longest that is sensible; what is missing here is no place of a template: nobody's name, above all no child's.
PLACES = {
    "title": "零基础水墨山水与花鸟画入门提高班（晚间）", "into": "零基础水墨山水与花鸟画入门提高班（晚间）", "when": WHEN,
    "until": WHEN, "instead": WHEN, "day": "12月24日（周四）", "place": "文兴社区党群服务中心二楼东侧多功能活动厅",
    "room": "多功能活动厅（二楼）", "points": "1,234", "missed": "3", "lesson": "第12课", "teacher": "欧阳春雨",
    "reason": "老师临时有事，这门课这一期不能继续开下去了", "phone": "0352-5550101", "centre": "文兴社区阳光托管中心",
    "code": "123456", "minutes": "5",
}  # fmt: skip
CUT = {"seat-offer-ring": {"title": "零基础水墨山水与花鸟画…"}}  # without a number when longer
HARDSHIP = re.compile("低保|特困|困难|残疾|失独|优待|补贴|救助|减免|贫")
LINK = re.compile("[a-zA-Z]|https?|www|/|点击|链接")
STREET = "平城区水泊寺街道"


def declared() -> set[str]:
    """The codes of all templates that the apps declare."""
    calls = (
        node
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "from notifications.templates import" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Template"
    )
    return {ast.literal_eval(node.args[0]) for node in calls}


def test_every_template_that_is_declared_is_listed() -> None:
    assert {one.code for one in templates.listed()} == declared() | {"sign-in-code"}
    assert len(templates.listed()) > 25


@pytest.mark.parametrize("template", templates.listed(), ids=lambda one: one.code)
def test_a_template_says_nothing_that_it_should_not_and_costs_one(template: Template) -> None:
    plain = re.sub("{[a-z]+}", "", template.text)
    assert not LINK.search(plain) and not HARDSHIP.search(template.text + template.name)
    assert set(template.places) <= set(PLACES) and set(template.gives) <= set(template.places)
    assert len(template.code) <= 40 and len(template.name) <= 40
    longest = PLACES | CUT.get(template.code, {})
    said = template.short(STREET, **{name: longest[name] for name in template.places})
    assert len(said.body) <= 70, said.body
    assert said.body == f"【{STREET}】{template.filled(said.fields)}" and said.template == template.code
    assert all(0 < len(text) <= 35 for text in said.fields.values())


def test_a_place_is_cut_to_what_a_provider_takes_and_is_never_empty() -> None:
    long = Template("a", "b", "{title}，{when}。")
    said = long.short("街道", title="长" * 60, when="")
    assert said.fields == {"title": "长" * 34 + "…", "when": "—"}


def test_a_shorter_wording_goes_before_an_end() -> None:
    tall = Template("a", "b", "《{title}》" + "字" * 50 + "{place}", ("place", "title"))
    said = tall.short("街道", title="书法", place=("一个很长很长很长很长很长的楼舞蹈厅", "舞蹈厅"))
    assert said.fields == {"title": "书法", "place": "舞蹈厅"}
    said = tall.short("街道", title="书" * 30, place=("楼" * 20, "舞蹈厅"))
    assert len(said.body) == 70 and said.fields["title"].endswith("…") and said.fields["place"] == "舞蹈厅"


def test_what_cannot_be_short_costs_more_and_stays_whole() -> None:
    said = Template("a", "b", "字" * 80 + "{when}").short("街道", when=WHEN)
    assert said.body.endswith(WHEN) and parts_of(said.body) == 2


@pytest.mark.parametrize(("length", "parts"), [(70, 1), (71, 2), (134, 2), (135, 3), (300, 5)])
def test_what_a_provider_charges(length: int, parts: int) -> None:
    assert parts_of("字" * length) == parts


def test_a_place_that_is_missing_or_unknown_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="wants"):
        Template("a", "b", "{when}").short("街道")
    with pytest.raises(TypeError, match="wants"):
        Template("a", "b", "{when}").short("街道", when=WHEN, name="小明")


def test_two_templates_with_one_code_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="sign-in-code"):
        templates.register(Template("sign-in-code", "b", "c"))


def test_what_is_cut_says_so() -> None:
    assert (cut("书法", 2), cut("书法课", 2)) == ("书法", "书…")


def test_the_row_keeps_template_and_fields(world: World) -> None:
    said = Template("a-b", "上课提醒", "{when}上课。").short("街道", when=WHEN)
    outbox.message("session:1:reminder", said, Message.Channel.SMS, resident=world.wang).save()
    row = Message.objects.get()
    assert (row.template, row.fields, row.body) == ("a-b", {"when": WHEN}, f"【街道】{WHEN}上课。")


SEEN: list[Outgoing] = []


class Notes(phonebox.PhoneBox):
    def send(self, out: Outgoing) -> Receipt:
        SEEN.append(out)
        return Receipt(Fate.ACCEPTED)


def test_a_code_says_the_words_of_its_template(world: World, settings: Any) -> None:
    settings.SMS_DRIVER = f"{__name__}.Notes"
    code = signin.send_code(phone="13812346021", browser="b", address="1.2.3.4")
    out = SEEN.pop()
    assert out.template == templates.SIGN_IN_CODE.code and code in out.text
    assert templates.SIGN_IN_CODE.filled(out.fields) == out.text
