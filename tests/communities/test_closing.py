"""注销: the person goes, the books stay. The strongest test searches every column of every table for who left."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from activities.signup import sign_up
from communities import cards, closing, consents, helping, rights, sealing, signin
from communities.documents import columns
from communities.identity import clean
from communities.models import (
    Appeal,
    Batch,
    Change,
    Consent,
    Helper,
    Line,
    Resident,
    RightsRequest,
    Slip,
    User,
)  # fmt: skip
from communities.registration import initials, pinyin
from core import clock
from nightschool import enrolment, leaving
from nightschool.models import Channel
from notifications.models import Message
from notifications.outbox import Words, tell
from points import adjusting, ledger, purse, statement
from points.models import Account, Lot, Share
from tests import world as cast
from tests.communities.appealing import appealed
from tests.world import World

pytestmark = pytest.mark.django_db
NAME, PHONE, NUMBER = "钟离金丝雀", "17712349871", "140202195805020020"
BORN = date(1958, 5, 2)
HOW = "本人到窗口，核对了身份证原件"
Kind = RightsRequest.Kind


def whole(number: str) -> str:
    """`number` with the check character that belongs to it."""
    from_17 = number[:17]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return from_17 + "10X98765432"[sum(w * int(d) for w, d in zip(weights, from_17, strict=True)) % 11]


@pytest.fixture
def leaver(world: World) -> Resident:
    """Somebody who left a trace wherever one can be left."""
    account = signin.account_of(phone=PHONE)
    consents.agree(account=account, version=consents.PERSONAL_DATA_VERSION)
    account.name = NAME
    account.save(update_fields=["name"])
    resident = Resident.objects.create(
        community=world.wenxing, household=world.wang.household, account=account, name=NAME, pinyin=pinyin(NAME),
        initials=initials(NAME), phone=PHONE, birth_date=BORN, status="confirmed", decided_at=clock.now(),
        **columns(clean(whole(NUMBER)), world.wenxing),
    )  # fmt: skip
    cast.award(resident, 90)
    purse.join(resident=resident, by=account)
    consents.give(resident=resident, purpose=Consent.Purpose.NOTICE, by=account, way=Consent.Way.TAP)
    helping.appoint(
        resident=resident, phone="13700001234", name="李小鸟", relation="子女", by=account, way=Consent.Way.TAP
    )
    helping.appoint(
        resident=world.zhao, phone=PHONE, name=NAME, relation="邻居", by=world.zhang, way=Consent.Way.SIGNATURE
    )
    cards.issue(resident=resident, by=world.zhang)
    Slip.objects.create(
        community=world.wenxing,
        resident=resident,
        act="报名",
        about="enrolment:1",
        said=f"已为{NAME}报名花艺",
        by=world.zhang,
    )
    appealed(resident, decided_by=world.chen)
    tell(resident=resident, occasion="t:1", words=Words(f"{NAME}您好", f"您的号码{PHONE}"))
    tell(staff=world.zhang, occasion="t:2", words=Words("积分调整未通过", f"给{NAME}增加积分没有通过。"))
    batch = Batch.objects.create(community=world.wenxing, name="名册.xlsx", by=world.zhang, total=1, done=1)
    Line.objects.create(batch=batch, number=1, name=NAME, phone=PHONE, birth_date=BORN, fate="new", resident=resident)
    Line.objects.create(batch=batch, number=2, name=NAME, phone=PHONE, fate="wrong", said=[f"{NAME}重复"])
    (seat,) = cast.seated(cast.course(world.wenxing), resident)
    leaving.cancel(enrolment=seat, by=world.zhang, reason=f"{NAME}来电{PHONE}")
    settle(resident, world)
    return resident


def settle(resident: Resident, world: World) -> None:
    """Nothing is open any more."""
    for one in Appeal.objects.of(resident).open():
        Appeal.objects.filter(pk=one.pk).update(
            status="rejected",
            answer=f"{NAME}的记录核实无误",
            answered_at=clock.now(),
            answered_by=world.he,
            text=f"我叫{NAME}，{PHONE}",
        )


def everywhere(*words: str) -> dict[str, str]:
    """Table → the row in which one of `words` stands, in any column that holds text, JSON, bytes, a date or a time."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            # bytea is shown in hex by a row's text: decode it byte by byte instead.
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
                " AND atttypid = 'bytea'::regtype", [table],
            )  # fmt: skip
            blobs = "".join(f" || coalesce(encode({name}, 'escape'), '')" for (name,) in cursor.fetchall())
            cursor.execute(f"SELECT t::text{blobs} FROM {table} t")
            for (row,) in cursor.fetchall():
                if any(word in row for word in words):
                    found.setdefault(table, row)
    return found


def words_of(resident: Resident) -> tuple[str, ...]:
    number = whole(NUMBER)
    return (
        NAME, NAME[2:], PHONE, number, number[6:14], f"{BORN}", pinyin(NAME), sealing.fingerprint(number, resident.community.sub_district_id)
    )  # fmt: skip


def test_the_search_finds_a_person_in_every_room(leaver: Resident) -> None:
    rooms = everywhere(*words_of(leaver))
    assert {
        "communities_resident", "communities_user", "communities_helper", "communities_slip", "communities_appeal",
        "notifications_message", "communities_line", "nightschool_enrolment",
    } <= set(rooms)  # fmt: skip


def test_nobody_is_left_after_closing(leaver: Resident, world: World) -> None:
    account = leaver.account
    assert account
    rights.file(resident=leaver, kind=Kind.CLOSE, text=f"我是{NAME}，电话{PHONE}", by=account)
    signin.send_code(phone=PHONE, browser="b", address="1.2.3.4")
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    assert everywhere(*words_of(leaver)) == {}


def test_a_shut_file_keeps_points_seats_and_acts_under_the_number(leaver: Resident, world: World) -> None:
    before = Account.objects.get(resident=leaver).balance
    gone = closing.close(resident=leaver, by=world.zhang, reason=HOW)
    assert (gone.status, gone.name) == (Resident.Status.CLOSED, f"已注销-{leaver.pk}")
    assert Account.objects.get(resident=leaver).balance == before == 90
    assert Lot.objects.filter(wallet__resident=leaver, remaining__gt=0).exists()
    assert leaver.enrolments.count() == 1
    assert Slip.objects.get(resident=leaver).act == "报名"
    assert not statement.lines(gone)[0].payer


def test_what_hung_on_the_person_ends(leaver: Resident, world: World) -> None:
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    assert not Consent.objects.standing().filter(resident=leaver).exists()
    assert not Helper.objects.filter(ended_at=None).exists()
    assert not leaver.cards.filter(ended_at=None).exists()
    assert not Share.objects.filter(resident=leaver, left_at=None).exists()
    assert RightsRequest.objects.get(resident=leaver).status == "done"


def test_the_phone_begins_afresh_with_its_next_owner(leaver: Resident, world: World, client: Client) -> None:
    account = leaver.account
    assert account
    client.force_login(account)
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    assert not Session.objects.exists()
    assert client.get("/me/").status_code == 302
    account.refresh_from_db()
    assert not account.is_active
    fresh = signin.account_of(phone=PHONE)
    assert fresh.pk != account.pk and not fresh.residents.exists()


def test_an_account_that_serves_a_parent_goes_on(leaver: Resident, world: World) -> None:
    mother = Resident.objects.create(
        community=world.wenxing,
        account=leaver.account,
        name="钟离阿婆",
        phone=PHONE,
        status="confirmed",
        decided_at=clock.now(),
    )
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    mother.refresh_from_db()
    assert mother.account and mother.account.is_active and mother.account.phone == PHONE


def test_a_namesake_keeps_the_name_in_what_others_were_told(leaver: Resident, world: World) -> None:
    Resident.objects.create(community=world.wenxing, name=NAME, status="confirmed", decided_at=clock.now())
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    assert NAME in Message.objects.get(staff=world.zhang, occasion="t:2").body


def test_what_is_open_is_done_first(leaver: Resident, world: World) -> None:
    assert leaver.account
    enrolment.enrol(
        course_id=cast.course(world.wenxing, title="合唱", price=0).pk,
        resident=leaver,
        by=world.zhang,
        channel=Channel.DESK,
    )
    sign_up(activity_id=cast.activity(world.wenxing).pk, resident=leaver, by=leaver.account)
    rights.file(resident=leaver, kind=Kind.EXPLAIN, text="为什么", by=leaver.account)
    with pytest.raises(closing.StillOpen) as refused:
        closing.close(resident=leaver, by=world.zhang, reason=HOW)
    assert all(word in refused.value.message for word in ("合唱", "楼道清理", "说明解释"))
    leaver.refresh_from_db()
    assert leaver.name == NAME and leaver.household_id
    assert Share.objects.filter(resident=leaver, left_at=None).exists()


def test_an_open_appeal_and_an_adjustment_stand_in_the_way(leaver: Resident, world: World) -> None:
    adjusting.propose(resident=leaver, amount=5, reason="更正", by=world.zhang)
    Appeal.objects.of(leaver).update(status="filed", answer="", answered_at=None, answered_by=None)
    said = closing.obstacles_of(leaver)
    assert "申诉还没有答复" in said and "有一笔积分调整还没有复核" in said


def test_the_person_is_told_what_is_lost(leaver: Resident) -> None:
    (said,) = closing.losses_of(leaver)
    assert "90积分" in said and "不能再使用" in said


@pytest.mark.parametrize("who", ["qian", "wang"])
def test_only_the_community_closes(leaver: Resident, world: World, who: str) -> None:
    by = world.qian if who == "qian" else world.wang.account
    with pytest.raises(Exception, match="职责"):
        closing.close(resident=leaver, by=by, reason=HOW)


def test_nobody_closes_a_file_of_their_own_family(leaver: Resident, world: World) -> None:
    User.objects.filter(pk=world.zhang.pk).update(own_phone=world.wang.phone)  # 王秀兰 is of the same household
    world.zhang.refresh_from_db()
    with pytest.raises(closing.OwnClosing):
        closing.close(resident=leaver, by=world.zhang, reason=HOW)


def test_closing_twice_and_without_a_reason_is_refused(leaver: Resident, world: World) -> None:
    with pytest.raises(Exception, match="核对"):
        closing.close(resident=leaver, by=world.zhang, reason=" ")
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    leaver.refresh_from_db()
    with pytest.raises(closing.AlreadyClosed):
        closing.close(resident=leaver, by=world.zhang, reason=HOW)


def test_the_log_says_who_closed_and_no_longer_whom(leaver: Resident, world: World) -> None:
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    last = Change.objects.filter(resident=leaver, what="resident").order_by("-pk").first()
    assert last and last.by == world.zhang
    assert last.fields["name"][0] == "钟**" and last.fields["phone"][0] == "177****9871"
    assert last.fields["birth_date"][0] == "1958-**-**" and last.fields["document_hash"][0] == "***"


def test_the_sweep_still_takes_points_of_who_left(leaver: Resident, world: World) -> None:
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    with time_machine.travel(clock.now() + timedelta(days=900), tick=False):
        ledger.expire(by=world.system, limit=10)
    assert Account.objects.get(resident=leaver).balance == 0


def test_a_provider_is_given_no_name_of_somebody_who_left(leaver: Resident, world: World) -> None:
    row = Message.objects.create(
        resident=world.wang, occasion="t:9", channel="sms", title="调课", body=f"{NAME}老师改期", template="class-moved",
        fields={"teacher": NAME},
    )  # fmt: skip
    closing.close(resident=leaver, by=world.zhang, reason=HOW)
    row.refresh_from_db()
    assert (row.fields, row.template, NAME in row.body) == ({}, "", False)
