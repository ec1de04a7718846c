"""The street's administrator registers under which number a provider has reviewed a template."""

import pytest
from django.test import Client

from core.refusals import BadInput
from notifications import registering, templates
from notifications.models import ProviderTemplate
from notifications.registering import register_template
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_last_number_stands_with_whoever_wrote_it(world: World) -> None:
    register_template(code="class-reminder", provider_id="SMS_1", by=world.he)
    row = register_template(code="class-reminder", provider_id=" SMS_2 ", by=world.he)
    assert [(one.pk, one.provider_id, one.by) for one in ProviderTemplate.objects.all()] == [
        (row.pk, "SMS_2", world.he)
    ]


def test_only_the_administrator_registers(world: World) -> None:
    for who in (world.zhang, world.chen, world.qian):
        with pytest.raises(registering.NotYourTemplates):
            register_template(code="class-reminder", provider_id="SMS_1", by=who)
    assert not ProviderTemplate.objects.exists()


def test_a_number_belongs_to_one_template(world: World) -> None:
    register_template(code="class-reminder", provider_id="SMS_1", by=world.he)
    with pytest.raises(registering.NumberTaken):
        register_template(code="seat-offer", provider_id="SMS_1", by=world.he)


def test_what_is_no_template_and_what_is_no_number_are_refused(world: World) -> None:
    with pytest.raises(registering.UnknownTemplate):
        register_template(code="lottery", provider_id="SMS_1", by=world.he)
    with pytest.raises(BadInput):
        register_template(code="class-reminder", provider_id=" ", by=world.he)


def test_the_page_shows_every_template_with_an_example_and_takes_a_number(world: World, client: Client) -> None:
    client.force_login(world.he)
    address = f"/desk/messages/templates/{world.street.pk}/"
    shows(client.get("/desk/settings/"), address)
    listed = templates.listed()
    page = client.get(address)
    shows(page, *(one.code for one in listed), "未登记", f"还有{len(listed)}个没有登记")
    shows(page, "【水泊寺街道】《花艺插花》12月9日（周三）19:00上课，舞蹈厅。")
    shows(client.get(f"{address}class-reminder/"), "《{title}》{when}上课，{place}。")
    done = client.post(f"{address}class-reminder/", {"provider_id": "SMS_1001"}, follow=True)
    shows(done, "已登记：上课提醒", "SMS_1001", f"还有{len(listed) - 1}个没有登记")
    again = client.post(f"{address}seat-offer/", {"provider_id": "SMS_1001"})
    shows(again, "已经登记给另一个模板", status=409)
    assert client.get(f"{address}lottery/").status_code == 404
