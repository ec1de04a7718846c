"""Odd shapes at every step, by REST and by page: an answer in words, and nothing is saved. And what deciding refuses, a step refuses."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from childcare.enrolment import deciding, drafting
from childcare.enrolment.steps import HEALTH, STEPS
from childcare.models import CareFile, Carer, Enrolment, Pickup, Place
from childcare.speaking import name_key
from core import clock
from core.refusals import Refused
from tests import world as world_cast
from tests.api import client_of
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import ALLERGY, drafted, father, healthy, papers, said, submitted
from tests.childcare.enrolment.test_pages import typed
from tests.pages import enter
from tests.world import World

CHILD, GUARDIANS, CONTACTS, _, SERVICE, PICKUPS, _ = STEPS
# No field of any step may be one of these; what JSON can say and a browser cannot is among them.
ODD: tuple[Any, ...] = (
    [], {}, [[]], [{}], {"a": {"b": []}}, 1.5, 10**9, 10**400, -1, "\x00", "\ud800", "１２３４", "九" * 5000, ["x"] * 9, "NaN",
)  # fmt: skip


def person(**more: Any) -> dict[str, Any]:
    until = (clock.today() + timedelta(days=30)).isoformat()
    return {
        "name": "孟桂芝",
        "relation": "邻居",
        "phone": "13700003099",
        "id_tail": "1234",
        "valid_until": until,
        "adult": True,
    } | more


def whole(care: Care) -> dict[str, Any]:
    words = healthy(said(care.group))
    words["guardians"] |= {"second_name": "温小玉", "second_relation": "母亲", "second_phone": "13700003002"}
    words["pickups"] = {"agreed": True, "people": [person()]}
    return words


def spoilt(words: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of every step with every odd value, every step in place of which something else was sent."""
    for step in STEPS:
        for odd in ODD:
            if odd != {} or not (step.skips or step.key == "consents"):  # nothing said is an answer there
                yield step.key, words | {step.key: odd}
            for name in step.names:
                if (name, odd) != ("people", []):  # agreed, and nobody named yet
                    yield f"{step.key}.{name}", words | {step.key: words[step.key] | {name: odd}}
        yield f"{step.key}?", words | {step.key: words[step.key] | {"name9": "谁"}}
    for odd in ODD:
        for name in person():
            yield f"person.{name}", words | {"pickups": {"agreed": True, "people": [person(**{name: odd})]}}
        yield "person", words | {"pickups": {"agreed": True, "people": [odd]}}
        yield "plan", words | {"service": words["service"] | {"plan": [odd]}}


def test_odd_shapes_are_refused_in_words_and_nothing_is_saved(world: World, care: Care) -> None:
    """By the verb that REST calls, where a thousand of them cost seconds."""
    shao, words = father(world), whole(care)
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    good = ("１２３４", "NaN")  # as words these may be right
    tried, answers = 0, set()
    for what, sent in spoilt(words):
        (key,) = [name for name in words if sent[name] is not words[name]]
        step = next(one for one in STEPS if one.key == key)
        try:
            kept = step.kept(mine, sent[key], {"child": {"birth_date": "2018-01-01", "grade": 5}})
        except Refused as refused:
            answers.add((refused.status, refused.message[-1]))
        else:
            assert kept and any(one in str(sent[key]) for one in good), (what, sent[key])
        tried += 1
    assert tried > 900 and answers == {(400, "。")} and drafting.said_in(Enrolment.objects.get(pk=mine.pk)) == {}


@pytest.mark.parametrize(
    ("step", "change"),
    [
        ("child", {"name": {"a": 1}}), ("child", {"grade": True}), ("child", {"name": "\ud800"}), ("child", {"document": ["id_card"]}),
        ("guardians", {"relation": {}}), ("contacts", {"phone1": 13700003011}), ("health", {"agreed": "yes"}), ("health", {"allergies": []}),
        ("health", {"alergies": "花生"}), ("service", {"plan": 5}), ("service", {"plan": {"0": 1}}), ("service", {"plan": "024"}),
        ("service", {"plan": [0, 10**9]}), ("service", {"plan": [[0]]}), ("service", {"group": 10**30}), ("service", {"starts_on": 0}),
        ("pickups", {"people": 5}), ("pickups", {"people": {"name": "x"}}), ("pickups", {"people": [None]}), ("pickups", {"people": ["x"]}),
        ("pickups", {"people": [{"name": {}}]}), ("consents", {"care": 1}), ("consents", {"care": "true"}),
    ],
)  # fmt: skip
def test_rest_answers_odd_shapes_with_a_code_and_words(
    world: World, care: Care, step: str, change: dict[str, Any]
) -> None:
    words = whole(care)
    words[step] = words[step] | change
    order = {"centre": care.centre.pk, "guardian": father(world).pk, **words}
    answer = client_of(world.wenxing).post("care-enrolments/", order, key="odd")
    assert answer.status_code == 400 and set(answer.json()) >= {"code", "detail"}, answer.content
    assert not Enrolment.objects.exists()


def test_rest_answers_a_step_that_is_no_object(world: World, care: Care) -> None:
    api, shao = client_of(world.wenxing), father(world)
    for number, step in enumerate(STEPS):
        for odd in (None, [], "x", 5, [{}], True):
            order = {"centre": care.centre.pk, "guardian": shao.pk, **whole(care), step.key: odd}
            answer = api.post("care-enrolments/", order, key=f"odd-{number}-{odd}")
            assert answer.status_code == 400 and "code" in answer.json(), (step.key, odd)
    for name in ("centre", "guardian", "known"):
        for odd in ([], {}, "x", -1, 10**30, 1.5):
            order = {"centre": care.centre.pk, "guardian": shao.pk, **whole(care), name: odd}
            assert api.post("care-enrolments/", order, key=f"odd-{name}-{odd}").status_code in (400, 404), (name, odd)
    assert not Enrolment.objects.exists()


def test_a_browser_that_sends_odd_words_gets_the_form_again(world: World, care: Care, client: Client) -> None:
    shao = father(world)
    phone = enter(client, shao)
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    for step in STEPS:
        fields = phone.get(f"/childcare/enrolments/{mine.pk}/steps/{step.number}/").context["form"].fields
        right = {"pickups": {"agreed": "on"}, "consents": {"photo": "on"}}.get(
            step.key, typed(step.key, {} if step.key == "pickups" else whole(care)[step.key])
        )
        for name in fields:
            for odd in ("\x00", "九" * 5000, "１０００００００００００００００００００", "NaN"):
                answer = phone.post(f"/childcare/enrolments/{mine.pk}/steps/{step.number}/", right | {name: odd})
                assert answer.status_code in (302, 400, 409), (step.key, name, odd)
    assert Enrolment.objects.get().status == "draft"


def test_odd_shapes_of_places_are_refused_in_words(world: World, care: Care) -> None:
    api, before = client_of(world.wenxing), Place.objects.count()
    order = {"group": care.group.pk, "child": care.child.pk, "payer": care.mother.pk, "plan": [0]}
    for name in ("group", "child", "payer", "plan", "lunch", "nap", "starts_on", "unknown"):
        for number, odd in enumerate(
            (None, [], {}, [[0]], [None], "x", -1, 7, 10**30, "２０２６-01-01", ["0", {}], 1.5, "\ud800")
        ):
            answer = api.post("care-places/", order | {name: odd}, key=f"place-{name}-{number}")
            assert 400 <= answer.status_code < 500 and "code" in answer.json(), (name, odd, answer.content)
    for number, odd in enumerate(([], {}, "x", 10**9, "0000-00-00")):
        answer = api.post(f"care-places/{care.place.pk}/end/", {"last_day": odd}, key=f"end-{number}")
        assert answer.status_code == 400 and "code" in answer.json(), odd
    for query in ("group=x", "group=-1", "status=lost", "cursor=%00", "page_size=10000000000000000000", "nothing=1"):
        for path in ("care-places/", "care-groups/", "care-children/"):
            assert client_get(api, path, query) in (400, 404), (path, query)
    assert Place.objects.count() == before


def client_get(api: Any, path: str, query: str) -> int:
    return int(api.http.get(f"/api/v1/{path}?{query}").status_code)


@pytest.mark.parametrize(
    ("step", "change", "words"),
    [
        (PICKUPS, {"people": [person(phone="0352-5551234")]}, "11位手机号"),
        (PICKUPS, {"people": [person(valid_until=(clock.today() - timedelta(days=1)).isoformat())]}, "有效期"),
        (PICKUPS, {"people": [person(valid_until=(clock.today() + timedelta(days=367)).isoformat())]}, "有效期"),
        (PICKUPS, {"people": [person(adult=False)]}, "18周岁"),
        (SERVICE, {"plan": [0, 1]}, "没有每周2天的收费"),
        (SERVICE, {"plan": [5, 6, 0], "group": "weekdays"}, "开放的星期"),
        (SERVICE, {"alone": True}, "4年级"),
        (SERVICE, {"starts_on": (clock.today() + timedelta(days=999)).isoformat()}, "开始日期"),
    ],
)  # fmt: skip
def test_a_step_refuses_what_deciding_would_refuse(
    world: World, care: Care, step: Any, change: dict[str, Any], words: str
) -> None:
    shao, full = father(world), whole(care)
    assert shao.account
    if change.get("group") == "weekdays":
        change = change | {"group": cast.group(care.centre, world.chen, name="工作日班", weekdays=[0, 1, 2, 3, 4]).pk}
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    for one in STEPS[:4]:
        drafting.save_step(enrolment=mine, step=one, said=full[one.key], by=shao.account)
    with pytest.raises(Refused, match=words):
        drafting.save_step(enrolment=mine, step=step, said=full[step.key] | change, by=shao.account)
    assert step.key not in drafting.said_in(Enrolment.objects.get(pk=mine.pk))


def test_a_child_that_will_be_sixteen_by_then_and_one_of_another_community_are_refused_at_once(
    world: World, care: Care
) -> None:
    shao, today = father(world), clock.today()
    later = cast.group(
        care.centre,
        world.chen,
        name="明年班",
        first_on=today + timedelta(days=370),
        last_on=today + timedelta(days=390),
    )
    words = said(later, born=today.replace(year=today.year - 15, day=1))
    words["service"] |= {"starts_on": later.first_on.isoformat()}
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    assert shao.account and later.room
    drafting.save_step(enrolment=mine, step=CHILD, said=words["child"], by=shao.account)
    with pytest.raises(Refused, match="3～15岁"):
        drafting.save_step(enrolment=mine, step=SERVICE, said=words["service"], by=shao.account)
    far = cast.child(world.yongan, "远方", 9)
    cast.guard(far, shao, "父亲", world.zhang)
    with pytest.raises(drafting.OtherCommunity):
        drafting.begin(guardian=shao, centre=care.centre, by=shao.account, child=far)


def test_what_stands_on_file_is_not_written_twice(world: World, care: Care) -> None:
    """Of a child with a file: the carer, the pick-up persons, and the place that it has."""
    assert care.mother.account
    by = care.mother.account
    Carer.objects.create(
        child=care.child,
        name="温玉兰",
        name_key=name_key(care.child, "温玉兰"),
        relation="祖母",
        phone="13700003012",
        entrusted_on=clock.today(),
        seen_by=world.zhang,
    )
    cast.pickup(care.child, care.mother, by=world.zhang)
    mine = drafting.begin(guardian=care.mother, centre=care.centre, by=by, child=care.child)
    words = said(care.group)
    words["guardians"] |= {
        "carer_name": "温玉兰",
        "carer_relation": "祖母",
        "carer_phone": "13700003012",
        "carer_on": "2026-01-05",
    }
    four = [person(name=f"邻居{one}", id_tail="1234") for one in "甲乙丙丁"]
    for step, given, code in (
        (GUARDIANS, words["guardians"], "care_bad_field"), (SERVICE, words["service"], "care_already_asked"),
        (PICKUPS, {"agreed": True, "people": [person()]}, "care_bad_field"), (PICKUPS, {"agreed": True, "people": four}, "care_four_pickups"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            drafting.save_step(enrolment=mine, step=step, said=given, by=by)
        assert refused.value.code == code
    assert drafting.save_step(enrolment=mine, step=PICKUPS, said={"agreed": True, "people": four[:3]}, by=by)
    meets = cast.group(care.centre, world.chen, name="同时的班")
    with pytest.raises(Refused, match="另一个班"):
        drafting.save_step(enrolment=mine, step=SERVICE, said=words["service"] | {"group": meets.pk}, by=by)


def test_a_pick_up_that_ran_out_while_the_papers_waited_stops_nobody(world: World, care: Care) -> None:
    words = whole(care)
    words["pickups"]["people"] = [person(), person(name="短期", valid_until=clock.today().isoformat())]
    mine = submitted(father(world), care, words)
    later = clock.now() + timedelta(days=2)
    with time_machine.travel(later, tick=False):
        assert deciding.review(enrolment=mine, by=world.zhang)["pickups"] == 1
        place = deciding.accept(enrolment=mine, papers=papers(), by=world.zhang)
    assert [one.name for one in Pickup.objects.filter(child=place.child)] == ["孟桂芝"]


def test_a_carer_who_is_on_the_file_that_was_found_is_not_registered_twice(world: World, care: Care) -> None:
    born = date(clock.today().year - 9, 1, 1)
    words = said(care.group, born=born)
    words["guardians"] |= {
        "carer_name": "温玉兰",
        "carer_relation": "祖母",
        "carer_phone": "13700003012",
        "carer_on": "2026-01-05",
    }
    mine = submitted(father(world), care, words)
    there = world_cast.resident(world.wenxing, "邵小满", "", born)
    Carer.objects.create(
        child=there,
        name="温玉兰",
        name_key=name_key(there, "温玉兰"),
        relation="祖母",
        phone="13700003012",
        entrusted_on=clock.today(),
        seen_by=world.zhang,
    )
    deciding.accept(enrolment=mine, papers=papers(known=there, carer_fit=True), by=world.zhang)
    assert Carer.objects.filter(child=there).count() == 1


def test_what_stands_in_the_way_of_handing_in_is_shown_at_its_own_step(
    world: World, care: Care, client: Client
) -> None:
    """Grade and going alone are said in two steps; an earlier day was right when it was said."""
    shao = father(world)
    words = said(care.group)
    words["child"] |= {"grade": "5"}
    words["service"] |= {"alone": True}
    words["consents"] |= {"alone": True}
    mine = drafted(shao, care, words)
    assert shao.account
    drafting.save_step(enrolment=mine, step=CHILD, said=words["child"] | {"grade": "3"}, by=shao.account)
    for browser, path in (
        (enter(client, shao), "/childcare/enrolments/{}/steps/{}/"),
        (desk(world, mine), "/desk/care/counter/drafts/{}/steps/{}/"),
    ):
        answer = browser.post(path.format(mine.pk, 7), typed("consents", words["consents"]))
        page = answer.content.decode()
        assert answer.status_code == 400 and "第5步“托管安排”要改" in page and "4年级" in page
        assert f'action="{path.format(mine.pk, 5)}"' in page and answer.context["form"]["starts_on"].value()
        short = browser.post(path.format(mine.pk, 7), {"child_data": "on"})
        assert short.status_code == 400 and f'action="{path.format(mine.pk, 7)}"' in short.content.decode()


def desk(world: World, draft: Enrolment | None = None) -> Client:
    """The window, where the guardian stands and the draft was opened."""
    browser = Client()
    browser.force_login(world.zhang)
    if draft:
        opened = browser.post(f"/desk/care/counter/drafts/{draft.pk}/", {"there": "on", "why": "家长来窗口接着填写"})
        assert opened.status_code == 302
    return browser


def test_a_step_left_untouched_at_the_window_keeps_the_health_that_was_written(world: World, care: Care) -> None:
    mine = drafted(father(world), care, healthy(said(care.group)))
    window = desk(world, mine)
    step = f"/desk/care/counter/drafts/{mine.pk}/steps/4/"

    def health() -> dict[str, Any]:
        return drafting.said_in(Enrolment.objects.get(pk=mine.pk))["health"]

    before = health()
    assert "删除已填写的健康情况" in window.get(step).content.decode()
    for untouched in ({}, {"agreed": "on"}):
        assert window.post(step, untouched).status_code == 302 and health() == before
    assert window.post(step, {"agreed": "on", "allergies": "牛奶"}).status_code == 302
    assert health() == {"agreed": True} | dict.fromkeys(HEALTH, "") | {"allergies": "牛奶", "emergency": False}
    assert window.post(step, {"clear": "on"}).status_code == 302 and health() == {"agreed": False}
    typed_only = window.post(step, {"allergies": ALLERGY})
    assert typed_only.status_code == 400 and "没有勾选同意" in typed_only.content.decode()
    assert "删除已填写的健康情况" not in window.get(step).content.decode()


def test_an_empty_form_of_the_desk_deletes_no_health(world: World, care: Care) -> None:
    window, path = desk(world), f"/desk/care/children/{care.child.pk}/health/"
    assert window.post(path, {"allergies": ALLERGY}).status_code == 302
    assert window.post(path, {}).status_code == 400 and CareFile.objects.get(child=care.child).health
