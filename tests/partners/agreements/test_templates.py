"""The text of agreements: drafted by one, approved by another, never changed."""

import pytest
from django.db import DatabaseError, transaction

from communities.duties import NotYourDuty
from partners.agreements import templates, wording
from partners.models import Template
from tests.books import refuses
from tests.partners import agreeing
from tests.world import World

pytestmark = pytest.mark.django_db


def draft(world: World, **fields: object) -> Template:
    said = {"sub_district": world.street, "title": "合伙人协议", "text": wording.DEFAULT, "by": world.he}
    return templates.draft(**said | fields)  # type: ignore[arg-type]


def test_the_newest_approved_version_is_drafted_from(world: World) -> None:
    old = draft(world)
    first = draft(world, text=wording.DEFAULT + "补充。")
    assert first == old  # what waits is written anew
    with refuses(templates.TemplateChanged):
        templates.approve(template=first, seen=old.digest, by=world.chen)
    with refuses(templates.OwnTemplate):
        templates.approve(template=first, seen=first.digest, by=world.he)
    for stranger in (world.zhang, world.qian):
        with refuses(templates.ApproversOnly):
            templates.approve(template=first, seen=first.digest, by=stranger)
    assert not Template.objects.current().exists()
    templates.approve(template=first, seen=first.digest, by=world.chen)
    second = draft(world)
    assert (second.version, list(Template.objects.current())) == (2, [first])
    templates.approve(template=second, seen=second.digest, by=world.chen)
    assert list(Template.objects.current()) == [second]
    with refuses(templates.TemplateApproved):
        templates.approve(template=second, seen=second.digest, by=world.chen)
    for change in (lambda: Template.objects.update(text="改"), first.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_text_says_all_its_places_and_no_others(world: World) -> None:
    for text, lacks, odd in (
        (wording.DEFAULT.replace("【期限】", ""), "【期限】", ""),
        (wording.DEFAULT + "【丙方】", "", "【丙方】"),
    ):
        with refuses(templates.BadTemplate) as info:
            draft(world, text=text)
        assert lacks in info.value.message and odd in info.value.message
    with refuses(NotYourDuty):
        draft(world, by=world.chen)


def test_the_text_says_what_an_agreement_must(world: World) -> None:
    sent = agreeing.sent(world)
    for clause in ("公益服务量", "场地与时段", "费用", "食品、医疗", "消防", "个人信息", "只能看到服务券上显示的内容", "借社区名义推销", "保健品", "预付卡", "集资", "收集居民信息", "弹窗广告", "积分券", "标识", "违约与退出", "争议"):  # fmt: skip
        assert clause in sent.text, clause
