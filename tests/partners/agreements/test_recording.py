"""Writing down an agreement from paper: it holds, and its partner is one, once another colleague has seen the scan."""

from datetime import date, timedelta

import pytest

from communities import kin, todo
from core import clock
from core.refusals import Refused
from partners.agreements import drafting, recording, signing
from partners.agreements.dates import months_after
from partners.agreements.recording import record
from partners.agreements.terms import Line, Space
from partners.agreements.verifying import verify
from partners.models import Agreement, Partner
from tests import world as cast
from tests.books import refuses
from tests.partners import agreeing
from tests.world import World

pytestmark = pytest.mark.django_db
State = Agreement.State


def drafted(world: World, partner: Partner | None = None, **fields: object) -> Agreement:
    today = clock.today()
    new = Partner(sub_district=world.street, name="康乐家政", kind="merchant", trade="housekeeping", summary="保洁")
    return Agreement(
        **{
            "partner": partner or new, "community": world.wenxing, "number": "HZ-2026-1", "title": "合作协议",
            "text": "甲乙双方", "promise": "每月免费保洁2户", "signed_on": today, "starts_on": today,
            "ends_on": today + timedelta(days=364),
        }
        | fields
    )  # fmt: skip


def test_a_new_partner_from_paper_is_one_when_a_second_person_has_seen_the_scan(world: World) -> None:
    made = record(agreement=drafted(world, signed_on=clock.today() - timedelta(days=9)), by=world.chen)
    assert (made.partner.name, made.recorded_by, made.status) == ("康乐家政", world.chen, "signing")
    assert made.partner.admitted_at is None and not Partner.objects.shown(clock.today()).exists()
    with refuses(signing.RecordedOnPaper):
        agreeing.by_head(made, world, by=world.he)
    with refuses(drafting.AgreementSigned):
        signing.call_back(agreement=made, by=world.zhang)
    with refuses(kin.SamePerson):
        agreeing.confirmed(made, world.chen, world.zhang)
    assert "协议待社区签署" in {row.label for row in todo.rows_for(world.he)}
    done = agreeing.confirmed(made, world.he, world.zhang)
    assert (done.status, done.signed_on) == ("signed", clock.today() - timedelta(days=9)) and verify(done).sound
    assert list(Partner.objects.shown(clock.today())) == [done.partner] and done.partner.admitted_at


def test_a_known_partner_signs_with_another_community(world: World) -> None:
    first = cast.partner(world.street, world.yongan, world.qian)
    agreeing.confirmed(record(agreement=drafted(world, first.partner), by=world.zhang), world.chen, world.zhang)
    assert Partner.objects.count() == 1 and first.partner.agreements.count() == 2


def test_what_was_signed_on_paper_is_kept_with_its_promises_under_one_fingerprint(world: World) -> None:
    spaces = (Space(cast.room(world.wenxing), 4, "周一上午"),)
    made = record(agreement=drafted(world), by=world.zhang, promises=(Line("免费保洁", 2),), rooms=spaces)
    assert (made.signed_on, made.promises.get().item) == (clock.today(), "免费保洁")
    assert "免费保洁" in made.document and made.grants.get().hours == 4 and verify(made).sound


def test_what_was_typed_wrong_is_dropped_and_its_number_is_free_again(world: World) -> None:
    made = record(agreement=drafted(world), by=world.zhang)
    gone = drafting.void(agreement=made, reason="录错", by=world.zhang)
    assert (gone.status, gone.signed_on) == ("void", None)
    assert record(agreement=drafted(world), by=world.zhang).number == "HZ-2026-1"


def test_a_new_partner_applies_once_there_is_a_text_to_sign(world: World) -> None:
    agreeing.template(world)
    assert refused(world) == "new_partner_applies"
    assert record(agreement=drafted(world, signed_on=clock.today() - timedelta(days=1)), by=world.zhang).pk


def test_two_of_one_name_written_down_become_one_partner(world: World) -> None:
    one, two = (record(agreement=drafted(world, number=number), by=world.zhang) for number in ("A", "B"))
    agreeing.confirmed(one, world.chen, world.zhang)
    with refuses(recording.PartnerNameTaken):
        agreeing.confirmed(two, world.chen, world.zhang)


def refused(world: World, by: object = None, **fields: object) -> str:
    partner = fields.pop("partner", None)
    before = Agreement.objects.count(), Partner.objects.count()
    with pytest.raises(Refused) as info:
        record(agreement=drafted(world, partner, **fields), by=by or world.zhang)
    assert (Agreement.objects.count(), Partner.objects.count()) == before
    return info.value.code


def test_each_reason_has_its_code_and_nothing_is_kept(world: World) -> None:
    day = timedelta(days=1)
    known = cast.partner(world.street, world.yongan, world.qian, number="HZ-2026-1")
    far = Partner.objects.create(sub_district=world.hualin.sub_district, name="远方", kind="unit", trade="living")
    assert refused(world) == "number_taken"
    assert refused(world, number="HZ-9", signed_on=clock.today() + day) == "signed_later"
    long_ago = {"starts_on": clock.today() - 90 * day, "ends_on": clock.today() - 30 * day}
    assert refused(world, number="HZ-9", **long_ago) == "agreement_over"  # signed today
    assert refused(world, number="HZ-9", partner=far) == "other_sub_district"
    candidate = Partner.objects.create(sub_district=world.street, name="候选", kind="unit", trade="living")
    assert refused(world, number="HZ-9", partner=candidate) == "partner_not_admitted"
    assert refused(world, number="HZ-9", by=world.qian) == "not_your_duty"
    same_name = Partner(sub_district=world.street, name=known.partner.name, kind="unit", trade="living")
    assert refused(world, number="HZ-9", partner=same_name) == "partner_name_taken"


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), True), (date(2026, 1, 1), date(2026, 1, 30), False),
        (date(2026, 1, 31), date(2026, 2, 27), True), (date(2026, 1, 31), date(2026, 2, 26), False),
        (date(2024, 2, 29), date(2027, 2, 28), True), (date(2024, 2, 29), date(2027, 3, 1), False),
        (date(2026, 1, 1), date(2029, 1, 1), True), (date(2026, 1, 1), date(2029, 1, 2), False),
        (date(2026, 1, 1), date(2025, 1, 1), False),
    ],
)  # fmt: skip
def test_a_term_lasts_from_one_month_to_three_years(world: World, starts: date, ends: date, fits: bool) -> None:
    fields = {"starts_on": starts, "ends_on": ends, "signed_on": date(2023, 12, 1)}
    if fits:
        assert record(agreement=drafted(world, **fields), by=world.zhang).pk
    else:
        assert refused(world, **fields) == "bad_term"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)), (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
    ],
)  # fmt: skip
def test_months_are_counted_over_year_ends_and_february(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_state_and_query_agree_on_every_day(world: World) -> None:
    today, day = clock.today(), timedelta(days=1)
    made = cast.partner(world.street, world.yongan, world.qian, ends_on=today + 100 * day)
    other = cast.partner(world.street, world.yongan, world.qian, ends_on=today + 100 * day, ended_on=today + 5 * day)
    expected = {
        -1: State.COMING,
        0: State.RUNNING,
        39: State.RUNNING,
        40: State.ENDING,
        100: State.ENDING,
        101: State.OVER,
    }
    for distance, state in expected.items():
        on = today + distance * day
        assert made.state_on(on, 60) == state
        for asked in State:
            found = set(Agreement.objects.in_state(asked, on, 60))
            assert found == {one for one in (made, other) if one.state_on(on, 60) == asked}
