"""幸福托管中心 of the demo: 126 children, four classes, a month of days, two months of bills; the books are clean."""

from datetime import date, timedelta

from django.db.models import Count, F, Q, Sum

from childcare.billing import offsetting
from childcare.days import book
from childcare.models import (
    Alarm,
    Attendance,
    Bill,
    BillAdjustment,
    Centre,
    Group,
    Handover,
    LateMark,
    Offset,
    Pickup,
    Place,
    RollCall,
    Staffer,
)
from communities.models import Consent, Evidence, Guardian, Resident
from demo import cast
from demo.childcare import bills, days, relief
from demo.childcare.classes import CHILDREN, CLASSES, WORKERS, Days
from demo.childcare.invented import families
from notifications.models import Message
from partners import standing
from points.models import Entry, Posting
from tests.books import breaches
from tests.demo.centre.conftest import ASKED
from tests.demo.story import DAY

THIS, LAST = date(2026, 3, 1), date(2026, 2, 1)


def test_126_children_have_a_place_in_four_classes_and_thirty_wait() -> None:
    held, waiting = Place.objects.held(), Place.objects.waiting()
    assert held.values("child").distinct().count() == held.count() == CHILDREN
    found = dict(
        Group.objects.annotate(many=Count("places", filter=Q(places__status="held"))).values_list("name", "many")
    )
    assert found == {one.name: one.held for one in CLASSES}
    assert not Group.objects.exclude(taken=F("capacity")).exists()
    assert waiting.count() == 30 and set(waiting.values_list("tier", flat=True)) == {0, 1}


def test_the_centre_is_run_by_a_partner_under_agreement_with_nine_people() -> None:
    centre = Centre.objects.get()
    assert centre.community.name == "文源社区" and standing.refusal_for(centre.operator, centre.community, DAY) is None
    due = dict(Staffer.objects.values_list("name", "record_due"))
    assert len(due) == len(WORKERS) == 9
    assert [name for name, until in due.items() if until <= DAY + timedelta(days=30)] == [cast.SECOND_TEACHER.name]


def test_every_child_has_guardians_who_agreed_and_some_are_entitled() -> None:
    told = [child for family in families(ASKED) for child in family.children]
    assert len(told) == CHILDREN + 18 == Resident.objects.filter(care_file__isnull=False).count()
    assert Guardian.objects.values("child").distinct().count() == len(told)
    agreed = Consent.objects.standing().filter(purpose=Consent.Purpose.CHILD_DATA, guardian__isnull=False)
    assert agreed.count() == len(told)
    good = Evidence.objects.good_on(LAST)
    assert good.count() == len(relief.entitled(ASKED)) and 0.08 < good.count() / CHILDREN < 0.2
    assert not good.filter(recorded_by=F("decided_by")).exists()


def test_a_month_of_days_is_told_and_everybody_who_came_went_home() -> None:
    ran = days.running(Days(DAY).told_since, DAY - timedelta(days=1))
    assert set(Attendance.objects.values_list("day", flat=True)) == set(ran) and len(ran) >= 15
    came = Attendance.objects.filter(arrived_at__isnull=False)
    assert came.filter(left_at=None).count() == 0 and came.count() == Handover.objects.count() > 1500
    assert set(Handover.objects.values_list("way", flat=True)) >= {"guardian", "pickup", "alone"}
    assert RollCall.objects.values("group", "day").distinct().count() > 50 and LateMark.objects.count() >= 3
    assert not Handover.objects.filter(pickup__isnull=False).exclude(pickup__child=F("child")).exists()
    assert Pickup.objects.exclude(revoked_at=None).count() == 1


def test_a_child_that_is_missing_now_stands_before_all_that_were_found() -> None:
    closed = Alarm.objects.exclude(closed_at=None)
    assert closed.count() > 30
    place = Place.objects.held().order_by("pk")[0]
    missing = Alarm.objects.create(place=place, day=DAY, kind=Alarm.Kind.NOT_ARRIVED, opened_at=ASKED.now)
    listed = list(book.alarms_of(place.group.centre_id)[:2])
    assert listed[0] == missing and listed[1].closed_at == closed.latest("closed_at").closed_at


def test_last_month_is_confirmed_and_mostly_paid_this_month_is_open() -> None:
    found = {
        month: dict(Bill.objects.filter(month=month).values_list("status").annotate(many=Count("pk")))
        for month in (LAST, THIS)
    }
    assert found[THIS] == {"drawn": CHILDREN}
    assert sum(found[LAST].values()) == CHILDREN and set(found[LAST]) == {"frozen", "paid"}
    assert 0.2 < Bill.objects.filter(month=LAST, points__gt=0).count() / CHILDREN < 0.5
    settled = {bool(one.approved_at) for one in BillAdjustment.objects.all()}
    assert settled == {False, True}


def test_the_bills_tie_to_the_ledger_to_the_point_and_to_the_cent() -> None:
    assert breaches() == []
    standing_offsets = Offset.objects.filter(undone_at=None)
    sums = standing_offsets.aggregate(points=Sum("points"), relief=Sum("relief"), cents=Sum("cents"))
    entries = Entry.objects.filter(pk__in=standing_offsets.values("entry"))
    posted = Posting.objects.filter(entry__in=entries).aggregate(all=Sum("amount"))["all"]
    assert posted == sums["points"] + sums["relief"] and sums["relief"] > 0
    billed = Bill.objects.aggregate(points=Sum("points"), relief=Sum("relief"), cents=Sum("offset_cents"))
    assert billed == sums
    whole = Bill.objects.aggregate(fee=Sum("fee_cents"), put=Sum("adjust_cents"), due=Sum("due_cents"))
    assert whole["fee"] + whole["put"] - sums["cents"] == whole["due"]


def test_what_parents_saved_was_booked_before_it_was_used() -> None:
    used = Offset.objects.values_list("entry__at", "bill__payer")
    given = dict(Entry.objects.filter(kind=Entry.Kind.ADJUSTMENT).values_list("postings__destination__resident", "at"))
    assert used and all(given[payer] < at for at, payer in used)


def test_running_the_month_again_changes_nothing() -> None:
    before = list(Bill.objects.order_by("pk").values_list("pk", "drawn_at", "due_cents", "status"))
    for month in (LAST, THIS):
        bills.draw(month, ASKED.now)
    assert list(Bill.objects.order_by("pk").values_list("pk", "drawn_at", "due_cents", "status")) == before


def test_the_parent_of_the_sign_in_page_may_pay_sixty_yuan_with_points() -> None:
    mine = Bill.objects.get(payer__phone=cast.CARE_PARENT.phone, status="drawn")
    quoted = offsetting.quote(offsetting.read(mine.pk))
    assert (mine.month, quoted.points, quoted.cents) == (THIS, 300, 6000)


def test_no_message_names_a_child_or_why_a_family_is_entitled() -> None:
    said = "".join(f"{title}{body}" for title, body in Message.objects.values_list("title", "body"))
    names = {child.name for family in families(ASKED) for child in family.children}
    words = {child.relief.label for family in families(ASKED) for child in family.children if child.relief}
    assert said and not [word for word in names | words | {"低保", "残疾", "留守"} if word in said]
