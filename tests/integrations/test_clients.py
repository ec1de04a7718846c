"""Letting another system in."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from oauth2_provider.models import Application

from communities.models import Duty, User
from integrations.clients import ClientExists, UnknownScope, admit
from integrations.models import AllowedScope
from tests.api import SECRET, hashed_secret
from tests.world import World

pytestmark = pytest.mark.django_db


def let_in(world: World, **other: object) -> Application:
    told = {
        "client_id": "hotline", "client_secret": hashed_secret(), "name": "12345热线", "username": "hotline",
        "place": world.wenxing, "scopes": ["courses:read"],
    }  # fmt: skip
    return admit(**(told | other))


def test_a_client_acts_as_a_service_user_with_one_duty(world: World) -> None:
    client = let_in(world)
    assert (client.user.kind, client.user.name, client.user.has_usable_password()) == ("service", "12345热线", False)
    assert [(duty.role, duty.community) for duty in client.user.duties.all()] == [("client", world.wenxing)]
    assert list(client.allowed_scopes.values_list("scope", flat=True)) == ["courses:read"]


def test_a_client_may_serve_a_whole_sub_district(world: World) -> None:
    client = let_in(world, place=world.street)
    assert client.user.duties.get().sub_district == world.street


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({"username": "other"}, ClientExists),
        ({"client_id": "other"}, ClientExists),
        ({"scopes": ["all"]}, UnknownScope),
    ],
)
def test_what_exists_or_is_unknown_is_refused_and_nothing_is_left(
    world: World, other: dict[str, object], refused: type[Exception]
) -> None:
    let_in(world)
    with pytest.raises(refused):
        let_in(world, **other)
    assert (Application.objects.count(), AllowedScope.objects.count()) == (1, 1)
    assert (
        Duty.objects.filter(role="client").count() == User.objects.filter(kind="service", name="12345热线").count() == 1
    )


def test_a_scope_is_given_once(world: World) -> None:
    client = let_in(world)
    with pytest.raises(IntegrityError, match="allowed_scope_once"), transaction.atomic():
        AllowedScope.objects.create(client=client, scope="courses:read")


def test_the_command_shows_a_secret_that_works(world: World) -> None:
    said = StringIO()
    asked = ("hotline", "--name", "12345热线", "--community", "文兴社区", "--scope", "courses:read")
    call_command("client", *asked, stdout=said)
    secret = said.getvalue().split()[3]
    form = {"grant_type": "client_credentials", "client_id": "hotline", "client_secret": secret}
    assert Client().post("/api/v1/oauth/token/", form).json()["scope"] == "courses:read"
    assert Client().post("/api/v1/oauth/token/", form | {"client_secret": SECRET}).status_code == 401
    with pytest.raises(CommandError, match="已经有同名"):
        call_command("client", *asked)
    with pytest.raises(CommandError, match="没有名为"):
        call_command("client", "other", "--name", "x", "--community", "无此社区", "--scope", "courses:read")
