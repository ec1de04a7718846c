"""交接 on the teacher's phone, by REST and at the counter: the same refusals, and nothing of a bar for who may not see it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from childcare.handover import codes, counter, pickups
from childcare.handover.options import options
from childcare.models import Handover, Pickup, PickupCode
from communities.counter import act_of
from communities.models import Guardian, Look
from core import clock
from tests.api import client_of
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.handover.people import arrived, authorised, barred, guardian_row, issued, token
from tests.pages import enter, text
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World, care: Care) -> Care:
    arrived(care.place, care.teacher)
    return care


def teacher(care: Care) -> Client:
    browser = Client()
    browser.force_login(care.teacher)
    return browser


def bad(care: Care, world: World) -> dict[str, tuple[Pickup | Guardian, str]]:
    """Whom nobody may give the child, and the code of the refusal."""
    today = clock.today()
    expired = cast.pickup(
        care.child, care.mother, by=care.lead, valid_from=today - timedelta(9), valid_until=today - timedelta(1)
    )
    assert care.mother.account
    sent = authorised(care, name="已撤销")
    pickups.revoke(pickup=sent, by=care.mother.account)
    theirs = cast.pickup(care.other_child, care.other_mother, by=care.lead)
    barred(care.child, care.father.name, world.zhang)
    return {
        "expired": (expired, "care_pickup_expired"), "revoked": (sent, "care_pickup_gone"), "wrong child": (theirs, "care_wrong_child"),
        "barred": (guardian_row(care.child, care.father), "care_barred"),
    }  # fmt: skip


def by_page(care: Care) -> Callable[[str, int], int]:
    browser = teacher(care)
    return lambda way, pk: (
        browser.post(f"/care/places/{care.place.pk}/handover/", {"who": f"{way}:{pk}", "check": "known"}).status_code
    )


def test_the_page_and_rest_give_the_child_to_none_of_them(world: World, here: Care) -> None:
    post, api = by_page(here), client_of(world.wenxing)
    for whom, code in bad(here, world).values():
        way = "guardian" if isinstance(whom, Guardian) else "pickup"
        assert post(way, whom.pk) in {403, 409}
        asked = {"place": here.place.pk, "way": way, "check": "known", "who": whom.pk, "staffer": here.teacher_post.pk}
        answer = api.post("care-handovers/", asked)
        assert answer.json()["code"] == code
    assert not Handover.objects.exists()


def test_a_wrong_code_and_a_missing_second_on_page_and_rest(world: World, here: Care) -> None:
    wrong = f"{(int(issued(here)) + 1) % 10**6:06d}"
    row = PickupCode.objects.get()
    sent = {
        "who": f"code:{row.pk}",
        "code": wrong,
        "id_tail": "4321",
        "second": here.second_post.pk,
        "proof": token(here.second),
    }
    browser, page = teacher(here), f"/care/places/{here.place.pk}/handover/"
    assert browser.post(page, sent).status_code == 409
    assert browser.post(page, {**sent, "second": ""}).status_code == 409
    asked = {
        "place": here.place.pk,
        "way": "code",
        "check": "code",
        "staffer": here.teacher_post.pk,
        "code": wrong,
        "id_tail": "4321",
    }
    answer = client_of(world.wenxing).post("care-handovers/", asked)
    assert answer.json()["code"] == "care_second_missing"
    row.refresh_from_db()
    assert (row.tries, Handover.objects.count()) == (1, 0)


def test_by_rest_two_children_with_one_adult_are_checked_one_by_one_and_a_wrong_code_counts(
    world: World, here: Care
) -> None:
    arrived(here.other_place, here.teacher)
    sent, api = authorised(here), client_of(world.wenxing)
    asked = {"way": "pickup", "check": "document", "who": sent.pk, "id_tail": "123X", "staffer": here.teacher_post.pk}
    assert api.post("care-handovers/", asked | {"place": here.place.pk}).status_code == 201
    answer = api.post("care-handovers/", asked | {"place": here.other_place.pk})
    assert answer.json()["code"] == "care_wrong_child" and Handover.objects.count() == 1
    assert here.other_mother.account
    code = codes.issue(
        child=here.other_child, guardian=here.other_mother, name="吕师傅", relation="同事", day=clock.today(),
        by=here.other_mother.account,
    )  # fmt: skip
    here.second.totpdevice_set.all().delete()
    by_code: dict[str, Any] = {
        "place": here.other_place.pk, "way": "code", "check": "code", "staffer": here.teacher_post.pk, "id_tail": "4321",
        "second": here.second_post.pk, "proof": PASSWORD,
    }  # fmt: skip
    wrong = api.post("care-handovers/", by_code | {"code": f"{(int(code) + 1) % 10**6:06d}"})
    assert wrong.json()["code"] == "care_wrong_code" and PickupCode.objects.get().tries == 1
    assert api.post("care-handovers/", by_code | {"code": code}).status_code == 201


def test_the_counter_revokes_a_code_for_a_guardian_without_a_phone(world: World, here: Care) -> None:
    issued(here, clock.today() + timedelta(days=1))
    row, at = PickupCode.objects.get(), clock.now()
    mine = next(one for one in counter.to_revoke(here.father, at) if one.code)
    act = act_of(mine.code)
    assert act is not None and act.plan is not None and act.do is not None and mine.number == row.pk
    assert act.plan(here.father, mine.number, at).refused is None
    assert "已撤销" in act.do(resident=here.father, number=mine.number, by=world.zhang, at=at).lines[0]
    row.refresh_from_db()
    assert row.revoked_by == world.zhang and [one for one in counter.to_revoke(here.father, at) if one.code] == []
    with pytest.raises(Http404):
        act.plan(here.other_mother, row.pk, at)


def test_who_works_off_duty_at_the_window_sees_of_the_page_what_the_window_sees(world: World, here: Care) -> None:
    """Each part by what `look` gives: a colleague of the community who is no caregiver sees neither bars nor who is sent."""
    authorised(here)
    barred(here.child, here.father.name, world.zhang)
    found = options(here.place, clock.now(), world.zhang)
    assert (found.barred, found.pickups, found.codes) == ([], [], [])
    assert [one.guardian for one in found.guardians] == [here.mother]


def test_the_teacher_lets_go_by_document_and_sees_green(here: Care) -> None:
    sent, browser = authorised(here), teacher(here)
    shown = text(browser, f"/care/places/{here.place.pk}/handover/")
    assert "孟桂芝" in shown and here.mother.name in shown
    assert Look.objects.filter(by=here.teacher, resident=here.child, purpose="接送核对").exists()
    answer = browser.post(
        f"/care/places/{here.place.pk}/handover/", {"who": f"pickup:{sent.pk}", "check": "document", "id_tail": "123x"}, follow=True
    )  # fmt: skip
    assert "已离开" in answer.content.decode()
    assert "核对证件后四位" in text(browser, "/care/handovers/")


def test_the_bar_stands_on_top_for_who_is_on_duty_and_nowhere_else(world: World, here: Care) -> None:
    barred(here.child, "某某某", world.zhang)
    assert "某某某" in text(teacher(here), f"/care/places/{here.place.pk}/handover/")
    mother, desk = enter(Client(), here.mother), Client()
    assert "某某某" not in text(mother, f"/childcare/pickups/{here.child.pk}/")
    desk.force_login(world.zhang)
    assert "某某某" not in text(desk, "/desk/care/barred/")
    assert desk.post(f"/desk/care/barred/{here.child.pk}/", {"purpose": "核对名单"}).status_code == 403
    head = Client()
    head.force_login(world.chen)
    answer = head.post(f"/desk/care/barred/{here.child.pk}/", {"purpose": "核对名单"})
    assert "某某某" in answer.content.decode()


def test_a_teacher_of_another_centre_finds_no_such_child(world: World, here: Care) -> None:
    other = cast.centre(world.wenxing, world.chen, "另一中心")
    account, _ = cast.caregiver(other, "caregiver_far", "远老师", by=world.chen)
    browser = Client()
    browser.force_login(account)
    assert browser.get(f"/care/places/{here.place.pk}/handover/").status_code == 404


def test_a_guardian_adds_revokes_and_sends_a_code_on_the_phone(here: Care) -> None:
    phone, page = enter(Client(), here.mother), f"/childcare/pickups/{here.child.pk}/"
    said: dict[str, Any] = {"name": "孟桂芝", "relation": "邻居", "phone": "13700009999", "id_tail": "123X"}
    assert phone.post(page, said).status_code == 400  # not of age, as far as was said
    assert phone.post(page, said | {"of_age": "on"}).status_code == 302
    made = Pickup.objects.get()
    assert phone.post(f"{page}{made.pk}/revoke/").status_code == 302
    shown = phone.post(f"{page}code/", {"name": "吕师傅", "relation": "同事", "day": clock.today().isoformat()})
    assert "离开这一页就看不到了" in shown.content.decode()
    stranger = enter(Client(), here.other_mother)
    assert stranger.get(page).status_code == 404
    father = enter(Client(), here.father)
    assert "吕师傅" in text(father, page)


def test_the_counter_sends_somebody_with_the_guardians_signature(world: World, here: Care) -> None:
    desk, mine = Client(), guardian_row(here.child, here.mother)
    desk.force_login(world.zhang)
    said = {
        "name": "孟桂芝", "relation": "邻居", "phone": "13700009999", "id_tail": "123X", "of_age": "on", "guardian": mine.pk, "signed": "on",
    }  # fmt: skip
    assert desk.post(f"/desk/care/pickups/{here.child.pk}/", said).status_code == 302
    assert Pickup.objects.get().authorised_by == here.mother


def test_each_button_of_the_page_works_in_a_real_browser(here: Care) -> None:
    """An include that passes nothing on forgets the token: every form has to carry one."""
    authorised(here)
    issued(here)
    html = teacher(here).get(f"/care/places/{here.place.pk}/handover/").content.decode()
    forms = html[html.index("<main") :].count('<form method="post"')
    assert forms == html[html.index("<main") :].count("csrfmiddlewaretoken") == 7


@pytest.mark.parametrize(
    "typed",
    [{"id_tail": "123X"}, {"check": "known", "id_tail": "123X"}, {}],
    ids=["no button", "the wrong button", "nothing"],
)
def test_what_was_typed_is_never_let_pass_uncompared(here: Care, typed: dict[str, str]) -> None:
    """Enter in the box of the last four presses a form's first button: it has to be the one that compares them."""
    sent = authorised(here)
    answer = teacher(here).post(f"/care/places/{here.place.pk}/handover/", {"who": f"pickup:{sent.pk}"} | typed)
    assert answer.status_code == 400 and not Handover.objects.exists()
