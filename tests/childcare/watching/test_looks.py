"""谁看过孩子的资料: the guardian reads who by role and unit, the head also by name, nobody else anything."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from childcare import opening
from childcare.billing import freezing
from childcare.enrolment import health
from childcare.models import Bill, BillLine, Contact, Place
from childcare.opening import Part
from childcare.watching import looks
from communities import access
from communities.models import Look
from core import clock
from tests.childcare.cast import Care
from tests.childcare.watching.filed import browser_of, browser_of as as_, shows
from tests.world import World

pytestmark = pytest.mark.django_db


def look(care: Care, many: int = 1) -> None:
    for number in range(many):
        opening.look(user=care.teacher, child=care.child, parts={Part.HEALTH}, purpose=f"加餐前核对过敏{number}")


def page_of(care: Care) -> str:
    return f"/childcare/children/{care.child.pk}/looks/"


def test_the_guardian_reads_role_unit_time_and_purpose(care: Care) -> None:
    look(care)
    answer = browser_of(care.mother.account, care.mother).get(page_of(care))  # type: ignore[arg-type]
    shows(answer, "幸福托管中心托管老师", "托管：健康情况", "加餐前核对过敏0")
    page = answer.content.decode()
    assert "秦老师" not in page and not (care.teacher.own_phone and care.teacher.own_phone in page)


def test_looks_of_the_desk_at_the_same_child_are_there_too(care: Care, world: World) -> None:
    access.look(by=world.chen, community=world.wenxing, resident=care.child, what="证件号", purpose="当面核对身份")
    (seen,) = looks.told(list(looks.of_child(care.child)))
    assert (seen.who, seen.what) == ("文兴社区社区主任", "证件号")


def test_twenty_on_a_page_and_the_rest_on_the_next(care: Care) -> None:
    look(care, 21)
    browser = browser_of(care.mother.account, care.mother)  # type: ignore[arg-type]
    first = browser.get(page_of(care))
    assert first.content.decode().count("加餐前核对过敏") == 20
    assert browser.get(page_of(care) + first.context["following"]).content.decode().count("加餐前核对过敏") == 1
    assert b"".join(browser.get(page_of(care) + "?file=1"))[:2] == b"PK"


def test_the_page_asks_as_much_for_one_as_for_twenty(care: Care) -> None:
    browser, counts = browser_of(care.mother.account, care.mother), []  # type: ignore[arg-type]
    for many in (1, 19):
        look(care, many)
        with CaptureQueriesContext(connection) as asked:
            browser.get(page_of(care))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_another_guardian_a_teacher_and_the_desk_find_no_such_page(care: Care, world: World) -> None:
    assert browser_of(care.other_mother.account, care.other_mother).get(page_of(care)).status_code == 404  # type: ignore[arg-type]
    for user in (care.teacher, world.zhang):
        assert as_(user).get(page_of(care)).status_code == 403


def test_the_head_reads_by_name_in_the_own_community_alone(care: Care, world: World) -> None:
    look(care)
    page = f"/desk/care/children/{care.child.pk}/looks/"
    shows(as_(world.chen).get(page), "秦老师", "加餐前核对过敏0")
    assert as_(world.zhang).get(page).status_code == 403
    assert as_(world.qian).get(page).status_code == as_(care.teacher).get(page).status_code == 404


def test_what_was_refused_to_staff_is_written_down(care: Care) -> None:
    with pytest.raises(opening.NotYourChild):
        opening.look(user=care.teacher, child=care.child, parts={Part.RELIEF}, purpose="想知道")
    assert Look.objects.get(by=care.teacher).what == "托管未显示：优待依据"


def test_that_somebody_is_barred_is_not_said_in_the_log(care: Care) -> None:
    opening.look(user=care.teacher, child=care.child, parts={Part.BARRED, Part.PICKUPS}, purpose="放学交接")
    assert Look.objects.get(by=care.teacher).what == "托管：接送人、接送安排"


def test_the_head_reads_what_was_changed_of_a_child_in_words(care: Care, world: World) -> None:
    Contact.objects.filter(child=care.child, order=1).update(phone="13700008888")
    answer = as_(world.chen).get(f"/desk/residents/{care.child.pk}/changes/")
    shows(answer, "紧急联系人", "电话", "137****8888")


def test_a_refused_look_at_health_stays_written(care: Care, world: World) -> None:
    with pytest.raises(opening.NotYourChild):
        health.read(child=care.child, by=world.zhang, purpose="想知道")
    assert Look.objects.get(by=world.zhang).what == "托管未显示：健康情况"


def test_the_lead_reads_the_unpaid_bill_of_a_child_that_left_and_nothing_else(care: Care, world: World) -> None:
    child, yesterday = care.child, clock.today() - timedelta(days=1)
    bill = Bill.objects.create(
        centre=care.centre, child=child, payer=care.mother, month=clock.today().replace(day=1), fee_cents=100,
        cap_cents=30, due_cents=100, drawn_by=world.zhang,
    )  # fmt: skip
    BillLine.objects.create(bill=bill, order=1, kind="fee", words="托管费", why="每周5天", amount_cents=100)
    Place.objects.filter(child=child).update(
        status="ended", ends_on=yesterday, ended_at=clock.now(), ended_by=world.zhang, end_reason="guardian"
    )
    assert not opening.readers(care.lead, child)
    freezing.freeze(bill=bill, by=world.chen)
    assert {part for part in Part if opening.may(care.lead, child, part)} == {Part.BILLS}
    assert browser_of(care.lead).get(f"/care/bills/{bill.pk}/").status_code == 200
    assert not opening.readers(care.teacher, child)
