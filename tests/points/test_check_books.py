"""`manage.py check_books` names every promise, and sees every one of them broken."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from activities import answering, solving
from activities.models import Activity
from activities.recording import record
from activities.reviewing import confirm
from activities.signup import sign_up
from core import clock
from nightschool import leaving
from nightschool.applications import drawing_lots
from nightschool.models import Channel
from partners import exchanging
from partners.stock import counting
from points import books
from tests import world as cast
from tests.activities import pictures
from tests.childcare.billing.plants import BILLING_PLANTS, billed
from tests.childcare.days.plants import DAYS_PLANTS, dailied
from tests.childcare.enrolment.plants import ENROLMENT_PLANTS, enrolled
from tests.childcare.handover.plants import HANDOVER_PLANTS, handed
from tests.childcare.places.plants import PLACES_PLANTS, placed
from tests.childcare.watching.plants import WATCHING_PLANTS
from tests.communities.hardship.plants import HARDSHIP_PLANTS, relieved
from tests.database import as_owner
from tests.nightschool.applicants import after, applied, by_draw
from tests.partners.agreeing import signed
from tests.partners.booked import visited
from tests.partners.giving import gift, taken
from tests.partners.joining.applicants import chosen
from tests.partners.months import settled
from tests.partners.promised import witnessed_and_left
from tests.points.correcting import proposed
from tests.points.deeds import at_home, charged, folded_through, moved, taken_back
from tests.points.shown import booked
from tests.world import World, build

WAITS = """
    INSERT INTO nightschool_waiting (course_id, resident_id, status, channel, place, by_id, at)
    SELECT course_id, resident_id, 'waiting', 'desk', 1, by_id, at FROM nightschool_enrolment"""
BACK_HOME = "UPDATE communities_resident SET community_id = (SELECT min(id) FROM communities_community)"
ELSEWHERE = """
    WITH held AS (INSERT INTO venues_booking (room_id, use, title, unit, starts_at, ends_at, blocked_until, status, by_id, at,
            end_reason, excuse)
        SELECT c.room_id, 'activity', a.title, '', a.starts_at, a.ends_at, a.ends_at, 'booked', e.by_id, a.starts_at, '', ''
        FROM activities_activity a, nightschool_course c, points_entry e ORDER BY a.id, c.id, e.id LIMIT 1 RETURNING id)
    UPDATE activities_activity SET booking_id = (SELECT id FROM held)"""
# What only the owner can do, with the triggers off: promise → the statement that breaks it.
PLANTS = {
    "wallet balance is the sum of its postings": "UPDATE points_account SET balance = balance + 1 WHERE kind = 'wallet'",
    "wallet balance is the sum of its lots": "UPDATE points_lot SET remaining = remaining - 1 WHERE remaining > 0",
    "running balance follows from the one before": "UPDATE points_posting SET source_balance = 7 WHERE source_balance = 20",
    "lot remaining is earned less draws plus returns": "UPDATE points_lot SET remaining = 0",
    "posting out of a wallet is drawn from lots in full": "DELETE FROM points_draw",
    "posting into a wallet opens one lot or returns to lots in full": "UPDATE points_lot SET earned = earned + 1",
    "draw is of the wallet that its posting names": """
        UPDATE points_draw SET lot_id = (SELECT max(id) FROM points_lot) WHERE id = (SELECT min(id) FROM points_draw)""",
    "activity holds the room and the hours that it announces": ELSEWHERE,
    "what does not take place holds no room": f"{ELSEWHERE}, status = 'draft'",
    "entry has postings": """
        INSERT INTO points_entry (xid, key, digest, kind, community_id, at, by_id, reason)
        SELECT 0, 'planted', '', 'award', community_id, at, by_id, reason FROM points_entry LIMIT 1""",
    "reversal mirrors its entry": """
        UPDATE points_posting SET amount = amount + 1
        WHERE entry_id IN (SELECT id FROM points_entry WHERE kind = 'reversal')""",
    "reversal touches the lots of its entry": """
        INSERT INTO points_lot (wallet_id, posting_id, earned, remaining, expires_on)
            SELECT wallet_id, (SELECT max(id) FROM points_posting WHERE source_id = wallet_id), 60, 60, expires_on
            FROM points_lot WHERE wallet_id = (SELECT min(destination_id) FROM points_posting p JOIN points_entry e
                ON e.id = p.entry_id AND e.kind = 'reversal');
        UPDATE points_draw SET lot_id = (SELECT max(id) FROM points_lot)
            WHERE posting_id IN (SELECT p.id FROM points_posting p JOIN points_entry e ON e.id = p.entry_id AND e.kind = 'reversal')""",
    "nothing is spent from a lot past its day": "UPDATE points_lot SET expires_on = '2001-01-01'",
    "points go the way of their kind": """
        UPDATE points_posting SET source_id = (SELECT max(id) FROM points_account WHERE kind = 'issuer')
        WHERE source_id = (SELECT min(id) FROM points_account WHERE kind = 'issuer')""",
    "entry keeps the digest of its moves": "UPDATE points_entry SET digest = sha256(digest) WHERE kind = 'reversal'",
    "entries, postings and draws refuse to be changed": "ALTER TABLE points_draw DISABLE TRIGGER no_truncate",
    "course has a seat for everybody seated": """
        ALTER TABLE nightschool_course DROP CONSTRAINT course_seats; UPDATE nightschool_course SET capacity = 0""",
    "charge of an enrolment is its price": "UPDATE nightschool_enrolment SET price = price + 1 WHERE status = 'seated'",
    "course counts its seats and open offers": "UPDATE nightschool_course SET taken = taken + 1 WHERE id = (SELECT min(id) FROM nightschool_course)",
    "course counts what was taken online": "UPDATE nightschool_course SET online = online + 1 WHERE id = (SELECT min(id) FROM nightschool_course)",
    "nobody waits in front of a free seat": f"{WAITS} WHERE status = 'cancelled'",
    "who has a seat does not wait for one": f"{WAITS} WHERE status = 'seated'",
    "an application seats nobody but by its own decision": """
        INSERT INTO nightschool_application (course_id, resident_id, status, number, channel, by_id, at, decided_at, reason, enrolment_id)
        SELECT course_id, (SELECT max(id) FROM communities_resident), 'seated', 1, 'desk', by_id, at, at, '', id
        FROM nightschool_enrolment WHERE status = 'seated'
            AND id NOT IN (SELECT enrolment_id FROM nightschool_application WHERE enrolment_id IS NOT NULL)""",
    "a class that is to come holds the room it is in": """
        INSERT INTO venues_booking (room_id, use, title, unit, starts_at, ends_at, blocked_until, status, by_id, at, end_reason, excuse)
        SELECT room_id, 'school', '', '', starts_at, ends_at + interval '1 hour', ends_at + interval '1 hour', 'booked',
            (SELECT min(id) FROM communities_user), starts_at, '', ''
        FROM nightschool_session WHERE number = 1 AND course_id = (SELECT min(id) FROM nightschool_course);
        UPDATE nightschool_session SET booking_id = (SELECT max(id) FROM venues_booking) WHERE number = 1 AND course_id = (SELECT min(id) FROM nightschool_course)""",
    "seated enrolment is charged and not refunded": """
        UPDATE nightschool_enrolment SET status = 'seated', cancelled_at = NULL, refund_id = NULL
        WHERE status = 'cancelled'""",
    "cancelled enrolment is refunded": "UPDATE nightschool_enrolment SET refund_id = entry_id WHERE status = 'cancelled'",
    "charge of an enrolment belongs to one": "DELETE FROM nightschool_enrolment WHERE status = 'seated'",
    "an open course by draw has promised its salt": "DELETE FROM nightschool_draw",
    "the salt of a draw is the one that was promised": "UPDATE nightschool_draw SET commitment = repeat('a', 64)",
    "a drawn order follows from salt and list": "UPDATE nightschool_application SET lots = 3 - lots",
    "nobody is seated past somebody drawn earlier": """
        UPDATE nightschool_application SET status = CASE rank WHEN 1 THEN 'waiting' ELSE 'seated' END,
            enrolment_id = CASE rank WHEN 2 THEN (SELECT min(id) FROM nightschool_enrolment) END""",
    "gift counts what is reserved and handed out": "UPDATE partners_gift SET taken = taken - 1",
    "gift counts what came in": "UPDATE partners_gift SET stock = stock + 1",
    "no more of a gift is taken than came in": "UPDATE partners_stocking SET change = -1",
    "exchange that stands is charged and not refunded": """
        UPDATE partners_exchange SET status = 'handed', refund_id = NULL, return_reason = '' WHERE status = 'returned'""",
    "charge of an exchange is its price, out of its resident's wallet": "UPDATE partners_exchange SET price = price + 1",
    "returned exchange is refunded": "UPDATE partners_exchange SET refund_id = entry_id WHERE status = 'returned'",
    "charge of a gift belongs to one exchange": "DELETE FROM partners_exchange WHERE status = 'handed'",
    "batch has left what came in less what went": "UPDATE partners_stockslip SET remaining = remaining + 1 WHERE batch_id IS NULL",
    "gift has in stock what its batches have left and what was handed out": "UPDATE partners_gift SET stock = stock + 1",
    "accepted slip has its line in the stock book, and no other has": "UPDATE partners_stocking SET slip_id = NULL",
    "nobody accepts what they brought or took themselves": """
        ALTER TABLE partners_stockslip DROP CONSTRAINT slip_two_people;
        UPDATE partners_stockslip SET settled_by_id = by_id WHERE status = 'accepted'""",
    "nothing is handed out past its date": "UPDATE partners_stockslip SET best_before = '2020-01-01' WHERE batch_id IS NULL",
    "difference of a confirmed count is in the stock book": "UPDATE partners_countline SET counted = counted + 1",
    "activity counts its participants": "UPDATE activities_activity SET taken = taken + 1",
    "confirmed participation with points has its award": "UPDATE activities_participation SET award_id = NULL",
    "activity has a place for everybody who takes part": """
        ALTER TABLE activities_activity DROP CONSTRAINT activity_places; UPDATE activities_activity SET capacity = 0""",
    "posted award gives what its row says to whom it names": """
        UPDATE activities_award SET resident_id = (SELECT max(id) FROM communities_resident)""",
    "award of the books that an activity earned belongs to one": "UPDATE activities_award SET about = 'deed:0' WHERE id = (SELECT min(id) FROM activities_award)",
    "deed earned what its awards say, once for being valid and once for being put right": """
        UPDATE activities_award SET recorded_by_id = (SELECT min(id) FROM communities_user) WHERE about LIKE 'deed:%'""",
    "award of a deed belongs to one that is valid": "UPDATE activities_deed SET award_id = NULL, solved_award_id = NULL",
    "merged deed leads to one of its community and kind that stands or was answered": "UPDATE activities_deed SET merged_into_id = id WHERE status = 'merged'",
    "confirmed volunteering stands in the book of hours, and nothing else does": "UPDATE activities_service SET minutes = 110, credited = 90",
    "nobody serves longer on one day than the cap, but with a reason": "UPDATE activities_service SET day_cap = 60",
    "hours are credited by whole half hours": "UPDATE activities_service SET credited = 60",
    "award taken back is taken, owed or expired": "UPDATE points_debt SET lapsed = lapsed + 1",
    "debt is what was owed less what was settled": "UPDATE points_debt SET remaining = remaining - 1",
    "settlement comes from the wallet that owes": """
        UPDATE points_debt SET wallet_id = (SELECT min(id) FROM points_account WHERE kind = 'wallet')""",
    "award gives what its credit says to whom it names": "UPDATE points_credit SET given = given - 1",
    "award names the rule that priced it": "DELETE FROM points_credit",
    "credit is priced by a rule of its day": "UPDATE points_credit SET served_on = '1999-12-31'",
    "no day or month is credited above its caps": "UPDATE points_credit SET cap_day = 1",
    "month of a wallet is the sum of its postings": "UPDATE points_month SET spent = spent + 1",
    "flow of a day is the sum of its postings": "UPDATE points_flow SET postings = postings + 1",
    "newest snapshot is the sum of the flows": "UPDATE points_snapshot SET expired = expired + 1",
    "signed agreement says what was signed": "UPDATE partners_agreement SET text = text || '。' WHERE sent_at IS NULL",
    "signature is under the text of its agreement": "UPDATE partners_signature SET sha256 = repeat('a', 64)",
    "agreement that was sent is signed by both sides": "DELETE FROM partners_signature WHERE side = 'partner'",
    "published call has a sheet that weighs 100": "UPDATE partners_criterion SET weight = weight - 1",
    "marks keep to the sheet and add up": "UPDATE partners_review SET total = total - 1",
    "ranked call has the marks of every reviewer": "DELETE FROM partners_review WHERE id = (SELECT min(id) FROM partners_review)",
    "who was admitted was shown to everybody and is a partner": "UPDATE partners_partner SET admitted_at = NULL",
    "offer counts the vouchers that stand": "UPDATE partners_offer SET taken = taken + 1 WHERE stock IS NULL",
    "no more of an offer is taken than there is": """
        ALTER TABLE partners_offer DROP CONSTRAINT offer_stock; UPDATE partners_offer SET stock = 0""",
    "slot counts the appointments that stand": "UPDATE partners_slot SET taken = 1 - taken",
    "appointment is in a slot of its offer": """
        UPDATE partners_slot SET offer_id = (SELECT min(id) FROM partners_offer) WHERE id = (SELECT min(id) FROM partners_slot)""",
    "appointment that stands is of a voucher that can still be used or was": """
        UPDATE partners_appointment SET status = 'asked', answered_at = NULL WHERE status <> 'asked'""",
    "address is kept for visits at home alone": "UPDATE partners_offer SET booking = 'shop' WHERE booking = 'home'",
    "charge of a voucher is its price, into the income of its community": "UPDATE partners_voucher SET price = price + 1",
    "voucher that stands is not refunded": """
        UPDATE partners_voucher SET status = 'issued', refund_id = NULL, settled_at = NULL WHERE status = 'returned'""",
    "returned voucher is refunded": "UPDATE partners_voucher SET refund_id = entry_id WHERE status = 'returned'",
    "charge of a voucher belongs to one voucher": """
        UPDATE points_entry SET key = 'voucher:0' WHERE id = (SELECT min(entry_id) FROM partners_voucher)""",
    "used voucher has a use that stands, and no other has": "UPDATE partners_voucher SET status = 'issued' WHERE status = 'used'",
    "use moves the price of its voucher to its partner": "UPDATE partners_redemption SET points = points + 1",
    "undone use is reversed, and no other is": """
        UPDATE partners_redemption SET undone_at = NULL, undone_by_id = NULL, undo_entry_id = NULL, undo_reason = ''
        WHERE undone_at IS NOT NULL AND voucher_id NOT IN (SELECT voucher_id FROM partners_redemption WHERE undone_at IS NULL)""",
    "redemption in the books belongs to one use": "DELETE FROM partners_redemption WHERE undone_at IS NULL",
    "delivery is confirmed by a colleague or by residents who were there": "DELETE FROM partners_rating",
    "delivery is of a day within the term of its agreement": "UPDATE partners_delivery SET \"on\" = '2020-01-01'",
    "partner that is to leave has no agreement that runs on": "UPDATE partners_agreement SET ended_on = NULL",
    "statement is the sum of its lines": "UPDATE partners_statementline SET amount_cents = amount_cents + 1",
    "frozen statement pays each use as its agreement said": "UPDATE partners_redemption SET unit_cents = unit_cents + 1",
    "correction stands once, approved, in a later month, as it was approved": "UPDATE partners_correction SET amount_cents = amount_cents + 1",
    "frozen statement is what the ledger moved in its month": """
        UPDATE partners_statement SET points = points + 1; UPDATE partners_statementline SET points = points + 1""",
    "approved adjustment has its entry with its amount and resident": "UPDATE points_adjustment SET amount = amount + 1",
    "points of a wallet stand in the community where its resident lives": f"""
        {BACK_HOME} WHERE id IN (SELECT resident_id FROM points_account WHERE id IN (SELECT wallet_id FROM points_entry WHERE kind = 'move'))""",
    "nobody moves without the books": "ALTER TABLE communities_resident DISABLE TRIGGER moves_with_the_books",
    "adjustment that gives was shown before it was booked": "UPDATE communities_notice SET closes_on = '2099-12-31'",
    "adjustment entry belongs to an approved adjustment": "DELETE FROM points_adjustment",
    **HARDSHIP_PLANTS,
    **BILLING_PLANTS,
    **PLACES_PLANTS,
    **DAYS_PLANTS,
    **HANDOVER_PLANTS,
    **ENROLMENT_PLANTS,
    **WATCHING_PLANTS,
}
# Further ways to break one of them.
ALSO = [
    ("credit is priced by a rule of its day", "UPDATE points_credit SET asked = 1000 WHERE rule_id = (SELECT id FROM points_rule WHERE code = 'ENV')"),
    *(("no day or month is credited above its caps", f"UPDATE {column}") for column in (
        "points_credit SET cap_month = 1", "points_rule SET day_points = 1", "points_rule SET day_times = 0",
        "points_rule SET month_times = 0",
    )),
    *(("entries, postings and draws refuse to be changed", f"ALTER TABLE points_{table} DISABLE TRIGGER {trigger}")
      for table in ("entry", "posting", "draw", "rule", "credit") for trigger in ("append_only", "no_truncate")),
    *(("month of a wallet is the sum of its postings", f"UPDATE points_month SET {column} = {column} - 1")
      for column in ("earned", "expired")),
    ("month of a wallet is the sum of its postings", "DELETE FROM points_month"),
    ("flow of a day is the sum of its postings", "DELETE FROM points_flow"),
    ("flow of a day is the sum of its postings", "UPDATE points_flow SET amount = amount + 1"),
    ("flow of a day is the sum of its postings", "UPDATE points_snapshot SET folded_to = 0"),
    *(("newest snapshot is the sum of the flows", f"UPDATE points_snapshot SET {column} = {column} + 1")
      for column in ("issued", "taken_back", "spent", "returned", "moved_out", "moved_in")),
    ("points of a wallet stand in the community where its resident lives", "UPDATE points_posting SET amount = amount - 1 WHERE entry_id IN (SELECT id FROM points_entry WHERE kind = 'move')"),
    ("points of a wallet stand in the community where its resident lives", f"{BACK_HOME}"),
    ("points of a wallet stand in the community where its resident lives",
     "UPDATE points_entry SET wallet_id = (SELECT max(id) FROM points_account WHERE kind = 'wallet') WHERE kind = 'move'"),
    ("points go the way of their kind", "UPDATE points_entry SET community_id = (SELECT max(id) FROM communities_community) WHERE kind = 'move'"),
    ("entry keeps the digest of its moves", "UPDATE points_entry SET digest = sha256(digest) WHERE kind = 'move'"),
    ("flow of a day is the sum of its postings", "DELETE FROM points_flow WHERE kind = 'move_in'"),
    ("award taken back is taken, owed or expired", "DELETE FROM points_debt"),
    ("award gives what its credit says to whom it names",
     "UPDATE points_credit SET wallet_id = (SELECT min(id) FROM points_account WHERE kind = 'wallet')"),
    ("award gives what its credit says to whom it names", "UPDATE points_entry SET kind = 'charge' WHERE kind = 'award'"),
    ("credit is priced by a rule of its day", "UPDATE points_credit SET served_on = '2099-12-31'"),
    ("entry keeps the digest of its moves", "UPDATE points_credit SET asked = asked + 1"),
    ("entry keeps the digest of its moves", "UPDATE points_entry SET digest = sha256(digest) WHERE payer_id IS NOT NULL"),
]  # fmt: skip


def ground() -> World:
    """One seat kept, one given back, a service confirmed, a debt half paid, a purse, a move, a fold: something for each promise."""
    world = build()
    course = cast.course(world.wenxing)
    given_back, _kept = cast.seated(course, world.zhao, world.wang)
    leaving.cancel(enrolment=given_back, by=world.zhang, reason="生病")
    served(world)
    booked(world, proposed(world))
    owed = cast.award(world.li, 30)
    charged(world, world.li, 50)
    taken_back(world, owed)
    cast.award(world.li, 10)
    at_home(world.zhou)
    charged(world, world.zhou, 10, purse=True)
    moved(world.wang, world.yongan)
    exchanged(world)
    sent_in(world)
    settled(world)
    visited(world)
    chosen(world)
    signed(world)
    drawn(world)
    witnessed_and_left(world)
    relieved(world)
    placed(world)
    billed(world)
    dailied(world)
    handed(world)
    enrolled(world)
    folded_through(clock.now())
    return world


def drawn(world: World) -> None:
    """Two applied, and neither had the points."""
    course = by_draw(world, community=world.yongan)
    applied(
        course,
        *(
            cast.resident(world.wenxing, name, phone)
            for name, phone in (("孙抽签", "13700009991"), ("吴抽签", "13700009992"))
        ),
        channel=Channel.DESK,
    )
    drawing_lots.sweep(after(course))


def sent_in(world: World) -> None:
    """One that was put right, and one that told of the same."""
    mine = cast.resident(world.wenxing, "钱小事", "13700009999")
    first, same = (pictures.sent(world, mine, text=text) for text in ("路灯不亮", "灯坏了"))
    answering.merge(deed=same, into=first, by=world.chen)
    solving.solve(deed=answering.accept(deed=first, by=world.chen), by=world.chen, outcome="已换灯泡")


def exchanged(world: World) -> None:
    """One gift that was given back, one handed out, one that waits; a count that found one more."""
    soap = gift(world, price=5, stock=3)
    exchanging.give_back(exchange=taken(soap, world.zhao, world.zhang), by=world.zhang, reason="破损")
    exchanging.hand_out(exchange=taken(soap, world.zhao, world.zhang), by=world.zhang)
    taken(soap, world.zhao, world.zhang)
    count = counting.count(place=world.wenxing, counted={soap.slips.get().pk: 3}, by=world.zhang)
    counting.confirm(count=count, by=world.chen)


def served(world: World) -> None:
    now = clock.now()
    activity = Activity.objects.create(
        community=world.wenxing, kind="ENV", title="清理楼道", place="1号楼", content="清理", risk="小心台阶", leader="张晓燕",
        starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1), capacity=5,
    )  # fmt: skip
    before = now - timedelta(days=1)
    mine = sign_up(activity_id=activity.pk, resident=world.li, by=world.li.account or world.system, at=before)
    record(participation=mine, minutes=120, by=world.zhang)
    confirm(participation=mine, minutes=120, by=world.chen)


@contextmanager
def planting(statement: str) -> Iterator[None]:
    """The owner, with the triggers off, does what nobody should; afterwards it has not happened."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in re.findall(r"(?:UPDATE|INTO|FROM) ([a-z]+_[a-z]+)", statement):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        yield
        transaction.set_rollback(True)


def broken() -> set[str]:
    return {promise for (_view, promise), count in books.counts().items() if count}


def is_broken(promise: str, view: str) -> bool:
    """One promise alone: the other branches of its view are not asked, because theirs is another constant."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {view} WHERE promise = %s)", [promise])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_each_promise_is_seen_broken() -> None:
    ground()
    assert broken() == set()
    views = {promise: view for view, promise in books.counts()}
    with as_owner():
        for promise, statement in [*PLANTS.items(), *ALSO]:
            with planting(statement):
                assert is_broken(promise, views[promise]), (promise, statement)
    assert broken() == set()


@pytest.mark.django_db
def test_every_promise_that_the_database_states_has_a_plant() -> None:
    assert {promise for _view, promise in books.counts()} == set(PLANTS)


@pytest.mark.django_db
def test_a_clean_house_prints_each_promise_with_nought(world: World) -> None:
    out = StringIO()
    call_command("check_books", stdout=out)
    *lines, last = out.getvalue().splitlines()
    assert last == f"{len(PLANTS)} promises, 0 breaches"
    assert {line.split(" | ")[2] for line in lines} == set(PLANTS)
    assert {line.split(" | ")[0].strip() for line in lines} == {"0"}


@pytest.mark.django_db(transaction=True)
def test_a_breach_is_named_counted_and_ends_with_code_1() -> None:
    world = ground()
    out, err = StringIO(), StringIO()
    with as_owner(), planting(PLANTS["course counts its seats and open offers"]), pytest.raises(SystemExit) as ended:
        call_command("check_books", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "      1 | nightschool | course counts its seats and open offers" in out.getvalue().splitlines()
    assert f"row {world.wenxing.courses.get().pk}" in err.getvalue()
