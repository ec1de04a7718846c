"""Who may call: a token that stands, of a client whose service user is in service, with the scope of the action."""

from datetime import timedelta

import pytest
from django.urls import get_resolver
from oauth2_provider.models import AccessToken, Application
from rest_framework.decorators import api_view
from rest_framework.test import APIRequestFactory

from communities.models import User
from core import clock
from tests import world as cast
from tests.api import Api, client_of
from tests.world import World

pytestmark = pytest.mark.django_db
CALLS = [
    ("get", "courses/", "courses:read"),
    ("get", "courses/1/", "courses:read"),
    ("post", "courses/", "courses:write"),
    ("post", "courses/1/open/", "courses:write"),
    ("post", "courses/1/close/", "courses:write"),
    ("post", "courses/1/seats/", "courses:write"),
    ("post", "residents/lookup/", "residents:read"),
    ("get", "residents/1/balance/", "points:read"),
    ("get", "residents/1/statement/", "points:read"),
    ("get", "rules/", "points:read"),
    ("get", "notices/", "notices:read"),
    ("get", "notices/1/", "notices:read"),
    ("get", "activities/", "activities:read"),
    ("get", "activities/1/", "activities:read"),
    ("post", "activities/", "activities:write"),
    ("post", "activities/1/publish/", "activities:write"),
    ("post", "activities/1/cancel/", "activities:write"),
    ("post", "activities/1/finish/", "activities:write"),
    ("post", "participations/", "participations:write"),
    ("get", "participations/1/", "participations:write"),
    ("post", "participations/1/withdraw/", "participations:write"),
    ("post", "participations/1/record/", "participations:write"),
    ("post", "participations/1/absent/", "participations:write"),
    ("get", "services/", "hours:read"),
    ("get", "residents/1/hours/", "hours:read"),
    ("get", "posts/", "posts:read"),
    ("post", "holdings/", "posts:write"),
    ("get", "holdings/1/", "posts:write"),
    ("post", "duty-months/", "posts:write"),
    ("post", "certificates/check/", "certificates:read"),
    ("get", "partner-calls/", "partners:read"),
    ("get", "partner-calls/1/", "partners:read"),
    ("get", "partner-applications/", "partners:read"),
    ("post", "partner-applications/", "partners:write"),
    ("get", "partner-applications/1/", "partners:read"),
    ("post", "partner-applications/1/lookups/", "partners:write"),
    ("post", "partner-applications/1/check/", "partners:write"),
    ("get", "agreements/", "partners:read"),
    ("get", "agreements/1/", "partners:read"),
    ("get", "balances/1/", "partners:read"),
    ("post", "complaints/", "partners:write"),
    ("get", "complaints/1/", "partners:write"),
    ("get", "deliveries/", "partners:read"),
    ("post", "deliveries/", "partners:write"),
    ("get", "gifts/", "gifts:read"),
    ("get", "statements/", "statements:read"),
    ("get", "statements/1/", "statements:read"),
    ("get", "care-attendances/", "care:roster"),
    ("post", "care-attendances/", "care:attend"),
    ("get", "care-audits/", "care:audit"),
    ("get", "care-bills/", "care:bills"),
    ("get", "care-bills/1/", "care:bills"),
    ("get", "care-centres/", "care-centres:read"),
    ("get", "care-children/", "care:roster"),
    ("post", "care-children/1/withdraw/", "care:enrol"),
    ("post", "care-enrolments/", "care:enrol"),
    ("get", "care-enrolments/1/", "care:enrol"),
    ("post", "care-enrolments/1/withdraw/", "care:enrol"),
    ("get", "care-groups/", "care-centres:read"),
    ("get", "care-handovers/", "care:roster"),
    ("post", "care-handovers/", "care:release"),
    ("get", "care-leaves/", "care:roster"),
    ("post", "care-leaves/", "care:attend"),
    ("post", "care-leaves/1/take_back/", "care:attend"),
    ("post", "care-offsets/", "care:offset"),
    ("post", "care-offsets/1/undo/", "care:offset"),
    ("post", "care-payments/", "care:payments"),
    ("get", "care-pickups/", "care:pickups"),
    ("post", "care-pickups/", "care:pickups"),
    ("post", "care-pickups/1/revoke/", "care:pickups"),
    ("get", "care-places/", "care:read"),
    ("post", "care-places/", "care:places"),
    ("get", "care-places/1/", "care:read"),
    ("post", "care-places/1/accept/", "care:places"),
    ("post", "care-places/1/decline/", "care:places"),
    ("post", "care-places/1/end/", "care:places"),
    ("get", "evidence/", "evidence:read"),
    ("post", "evidence/", "evidence:write"),
    ("get", "redemptions/", "partners:read"),
    ("post", "redemptions/", "vouchers:redeem"),
    ("get", "appointments/", "partners:read"),
    ("post", "appointments/1/confirm/", "appointments:write"),
    ("post", "appointments/1/decline/", "appointments:write"),
    ("post", "slots/", "appointments:write"),
    ("post", "slots/1/remove/", "appointments:write"),
    ("post", "exchanges/", "gifts:write"),
    ("get", "exchanges/1/", "gifts:write"),
    ("post", "exchanges/1/back/", "gifts:write"),
    ("get", "offers/", "offers:read"),
    ("post", "vouchers/", "vouchers:write"),
    ("get", "offers/1/slots/", "offers:read"),
    ("get", "vouchers/1/", "vouchers:write"),
    ("post", "vouchers/1/back/", "vouchers:write"),
    ("post", "vouchers/1/cancel/", "vouchers:write"),
    ("post", "deeds/", "deeds:write"),
    ("get", "deeds/1/", "deeds:write"),
    ("post", "enrolments/", "enrolments:write"),
    ("get", "enrolments/1/", "enrolments:write"),
    ("post", "enrolments/1/cancel/", "enrolments:write"),
    ("get", "terms/", "courses:read"),
    ("get", "classes/", "courses:read"),
    ("post", "classes/1/move/", "courses:write"),
    ("post", "classes/1/call-off/", "courses:write"),
    ("post", "waitings/", "enrolments:write"),
    ("get", "waitings/1/", "enrolments:write"),
    ("post", "waitings/1/accept/", "enrolments:write"),
    ("post", "waitings/1/leave/", "enrolments:write"),
    ("post", "applications/", "enrolments:write"),
    ("get", "applications/1/", "enrolments:write"),
    ("post", "applications/1/withdraw/", "enrolments:write"),
    ("get", "draws/1/", "courses:read"),
    ("get", "attendances/", "attendance:read"),
    ("post", "attendances/", "attendance:write"),
    ("post", "attendances/1/take_back/", "attendance:write"),
    ("get", "completions/", "attendance:read"),
    ("get", "rooms/", "rooms:read"),
    ("get", "rooms/1/", "rooms:read"),
    ("get", "rooms/1/free/", "rooms:read"),
    ("get", "bookings/", "bookings:read"),
    ("post", "bookings/", "bookings:write"),
    ("get", "bookings/1/", "bookings:read"),
    ("post", "bookings/1/cancel/", "bookings:write"),
    ("post", "bookings/1/keep/", "bookings:write"),
    ("post", "room-uses/", "bookings:write"),
    ("get", "room-uses/1/", "bookings:read"),
    ("post", "room-uses/1/end/", "bookings:write"),
]


def test_without_a_token_nothing_is_answered(world: World) -> None:
    api = client_of(world.wenxing)
    del api.http.headers
    del api.http.defaults["HTTP_AUTHORIZATION"]
    for method, path, _scope in CALLS:
        answer = getattr(api, method)(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_each_action_asks_for_its_own_scope(world: World) -> None:
    scopes = {scope for _method, _path, scope in CALLS}
    for method, path, scope in CALLS:
        api = client_of(world.wenxing, *scopes - {scope})
        answer = getattr(api, method)(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), path
        api = client_of(world.wenxing, scope)
        assert getattr(api, method)(path).json().get("code") != "scope_missing", path


def test_the_table_above_holds_every_action() -> None:
    routed = {
        (method, str(pattern.pattern).replace("<int:pk>", "1"), pattern.callback.cls.scopes[action])
        for resolver in get_resolver("integrations.urls").url_patterns
        for pattern in getattr(resolver, "url_patterns", [])
        for method, action in pattern.callback.actions.items()
        if method != "head"
    }
    assert routed == set(CALLS)


def refused(api: Api) -> tuple[int, str]:
    answer = api.get("courses/")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    return answer.status_code, answer.json()["code"]


def test_an_expired_token_is_refused(world: World) -> None:
    assert refused(client_of(world.wenxing, lasts=timedelta(seconds=-1))) == (401, "token_invalid")


@pytest.mark.parametrize(
    "header", ["Bearer made-up", "Bearer", "Bearer ", "", "Basic dTpw", "Bearer \xff\xfe", "x" * 5000]
)
def test_a_made_up_token_is_refused(world: World, header: str) -> None:
    api = client_of(world.wenxing)
    api.http.defaults["HTTP_AUTHORIZATION"] = header
    api.http.headers = {}
    assert refused(api) == (401, "token_invalid")


def test_a_token_in_the_address_is_not_looked_at(world: World) -> None:
    api = client_of(world.wenxing)
    del api.http.defaults["HTTP_AUTHORIZATION"]
    assert api.get("courses/", access_token=api.token).status_code == 401


def test_a_service_user_out_of_service_is_refused(world: World) -> None:
    api = client_of(world.wenxing)
    User.objects.filter(pk=api.user.pk).update(is_active=False)
    assert refused(api) == (401, "token_invalid")


def test_a_client_never_acts_as_a_person(world: World) -> None:
    api = client_of(world.wenxing)
    Application.objects.filter(pk=api.application.pk).update(user=world.zhang)
    assert refused(api) == (401, "token_invalid")
    AccessToken.objects.update(user=world.zhang, application=None)
    assert refused(api) == (401, "token_invalid")


def test_when_the_duty_ends_the_client_sees_nothing_any_more(world: World) -> None:
    course = cast.course(world.wenxing)
    api = client_of(world.wenxing)
    assert api.get(f"courses/{course.pk}/").status_code == 200
    yesterday = clock.today() - timedelta(days=1)
    api.user.duties.update(starts_on=yesterday, ends_on=yesterday)
    assert api.get("courses/").json()["results"] == []
    assert api.get(f"courses/{course.pk}/").status_code == 404
    assert api.get(f"residents/{world.wang.pk}/balance/").status_code == 404


def test_a_view_that_names_no_scope_is_closed(world: World) -> None:
    @api_view(["GET"])
    def forgotten(request: object) -> None:
        raise AssertionError("never reached")

    api = client_of(world.wenxing)
    request = APIRequestFactory().get("/", headers={"Authorization": f"Bearer {api.token}"})
    answer = forgotten(request)
    assert (answer.status_code, answer.data["code"]) == (403, "scope_missing")
