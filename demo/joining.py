"""招募 and 报名: a call of 文源 that is settled, one of 文兴 that is open, and three that apply without a call."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from communities import publishing, signin
from communities.models import Community, Notice, User
from core import clock
from demo import agreements, cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.candidates import BARBER, PROPOSED, RETURNED, RIVALS, WAITING, Candidate
from demo.cast import Merchant
from demo.places import STREET, WENXING, WENYUAN, Place
from partners.agreements import drafting, licences, signing
from partners.agreements.dates import months_after
from partners.agreements.licences import Sent
from partners.agreements.signing import Hand
from partners.agreements.terms import Line, Terms
from partners.joining import applying, calling, checking, choosing, handing_in, scoring
from partners.joining.applying import Service, Subject
from partners.joining.calling import Plan
from partners.joining.handing_in import Pledge
from partners.models import (
    Agreement,
    Application,
    Call,
    Partner,
    PartnerApplicationQuerySet,
    Promise,
    Reviewer,
    Signature,
    Template,
)

Trade = Partner.Trade
SETTLED, RUNNING = "文源社区便民理发点招募", "天和城便民维修点招募"
DRAFTED, CALL_DAYS = -80, 14  # the call of 文源: days before today, and how long it was open
TEXT = "为居民提供平价服务，每月有公益服务场次，服从社区统一公示和评价。社区提供摊位和水电，按评分表择优。"
PLACELESS = "192.0.2.10"  # an address of nobody (RFC 5737)
SHEETS = {cast.WENYUAN_WORKER: (-2, 0, -5), cast.WENYUAN_HEAD: (-1, -3, -4), cast.ADMIN: (-3, -1, -6)}


def past(asked: Asked) -> Iterator[Affair]:
    """Everything of this file, in no order."""
    yield from _the_call(asked)
    yield from _chosen(asked)
    yield from _agreed(asked)
    yield from _without_a_call(asked)
    running = Call.objects.filter(title=RUNNING)
    plan = _plan(asked, RUNNING, -3, Trade.REPAIR)
    yield Affair(asked.at(-4), running.exists, partial(_draft, WENXING, plan))
    yield Affair(asked.at(-3), running.published().exists, partial(_publish, RUNNING, cast.HEAD))


def _the_call(asked: Asked) -> Iterator[Affair]:
    """Drafted by one and published by another; three apply; the colleague of 文源 checks; three mark, unseen by each other."""
    call, closed = Call.objects.filter(title=SETTLED), DRAFTED + 1 + CALL_DAYS
    yield Affair(
        asked.at(DRAFTED), call.exists, partial(_draft, WENYUAN, _plan(asked, SETTLED, DRAFTED + 1, Trade.BEAUTY))
    )
    yield Affair(asked.at(DRAFTED + 1), call.published().exists, partial(_publish, SETTLED, cast.WENYUAN_HEAD))
    for one in RIVALS:
        yield _applied(asked, one, SETTLED)
        yield _checked(asked, one, closed, cast.WENYUAN_WORKER)
    yield Affair(asked.at(closed + 1), Reviewer.objects.filter(call__title=SETTLED).exists, _begin)
    for hour, who in enumerate(SHEETS, 14):
        marked = Reviewer.objects.filter(call__title=SETTLED, user__username=who.username, reviews__isnull=False)
        yield Affair(asked.at(closed + 1, time(hour)), marked.exists, partial(_mark, who))


def _chosen(asked: Asked) -> Iterator[Affair]:
    """The best one, shown for as long as any holidays may make it, and admitted."""
    mine = _application(BARBER)
    yield Affair(asked.at(-60), mine.exclude(proposed_at=None).exists, _propose_ranked)
    yield Affair(
        asked.at(-60, time(11)), partial(_shown, BARBER), partial(_show, BARBER, cast.WENYUAN_WORKER, cast.ADMIN)
    )
    yield Affair(asked.at(-42), mine.filter(status="admitted").exists, _admit)


def _agreed(asked: Asked) -> Iterator[Affair]:
    """Drafted from the template, signed on two screens; and 博世邻里之家 has a renewal before it."""
    mine = Agreement.objects.filter(partner__name=BARBER.name)
    yield Affair(asked.at(-41), mine.exists, partial(_write_agreement, asked))
    yield Affair(
        asked.at(-40), mine.exclude(sent_at=None).exists, lambda at: _send(mine.get(), cast.WENYUAN_WORKER, at)
    )
    signed = mine.filter(signatures__side="partner")
    yield Affair(asked.at(-40, time(15)), signed.exists, lambda at: _sign(mine.get(), BARBER.owner, at))
    yield Affair(
        asked.at(-39), mine.filter(status="signed").exists, lambda at: _sign(mine.get(), cast.WENYUAN_HEAD, at)
    )
    pair = agreements.SIGNED[0]
    again = Agreement.objects.filter(partner__name=pair.name).exclude(replaces=None)
    yield Affair(asked.at(-5), again.exists, partial(_renew, pair.name))
    yield Affair(
        asked.at(-4), again.exclude(sent_at=None).exists, lambda at: _send(again.get(), cast.YONGAN_WORKER, at)
    )


def _without_a_call(asked: Asked) -> Iterator[Affair]:
    for one in (PROPOSED, RETURNED, WAITING):
        yield _applied(asked, one)
    yield _checked(asked, PROPOSED, -12, cast.WORKER)
    agreed = _application(PROPOSED).exclude(proposed_at=None)
    yield Affair(asked.at(-10), agreed.exists, lambda at: choosing.propose(
        application=_application(PROPOSED).get(), by=colleague(cast.HEAD), at=at
    ))  # fmt: skip
    yield Affair(asked.at(-2, time(11)), partial(_shown, PROPOSED), partial(_show, PROPOSED, cast.WORKER, cast.HEAD))
    given_back = _application(RETURNED).exclude(checked_at=None)
    note = "营业执照的经营范围没有开锁，请补交公安备案的材料，或改写服务内容。"
    yield Affair(asked.at(-5, time(15)), given_back.exists, lambda at: checking.give_back(
        application=_application(RETURNED).get(), note=note, by=colleague(cast.WORKER), at=at
    ))  # fmt: skip


def _plan(asked: Asked, title: str, days: int, trade: Partner.Trade) -> Plan:
    opens = asked.day + timedelta(days=days)
    return Plan(title, TEXT, opens, opens + timedelta(days=CALL_DAYS - 1), (trade.value,))


def _draft(place: Place, plan: Plan, at: datetime) -> None:
    calling.draft(community=_community(place), plan=plan, by=_recorder(place), at=at)


def _publish(title: str, by: cast.Colleague, at: datetime) -> None:
    drafted = Call.objects.get(title=title)
    calling.publish(call=drafted, seen=drafted.digest, by=colleague(by), at=at)


def _applied(asked: Asked, one: Candidate, call: str = "") -> Affair:
    return Affair(
        asked.at(one.days, time(20)), _application(one).exclude(submitted_at=None).exists, partial(_apply, one, call)
    )


def _apply(one: Candidate, call: str, at: datetime) -> None:
    """The three steps on the owner's phone."""
    account = signin.account_of(phone=one.owner.phone)
    agreements.name_owner(one.owner)
    community = _community(one.place)
    subject = Subject(
        one.name, one.kind, one.trade, one.code, one.owner.name, community.address, community.address, one.services,
        clock.local(at).date() - timedelta(days=1200), one.owner.name, one.owner.phone,
    )  # fmt: skip
    wanted = Call.objects.filter(title=call).first()
    made = applying.begin(community=community, call=wanted, subject=subject, by=account, at=at)
    service = Service(one.services, "本社区居民", (one.promise,), "", "用具一客一消毒，持证上岗", "公众责任险")
    made = applying.say_what(application=made, service=service, by=account)
    handing_in.submit(application=made, pledge=Pledge(True, False), by=account, at=at)


def _checked(asked: Asked, one: Candidate, days: int, by: cast.Colleague) -> Affair:
    stands = _application(one).exclude(checked_at=None)
    return Affair(asked.at(days, time(15, int(one.owner.phone[-1]))), stands.exists, partial(_check, one, by))


def _check(one: Candidate, by: cast.Colleague, at: datetime) -> None:
    """The registers looked up, the licence seen."""
    mine, user, day = _application(one).select_related("partner").get(), colleague(by), clock.local(at).date()
    for serial, register in enumerate(checking.needed(mine.partner), 1):
        checking.look_up(
            application=mine, register=register, nothing_found=True, looked_on=day, reference=f"{day:%Y%m%d}-{mine.pk}-{serial}", by=user, at=at,
        )  # fmt: skip
    kind = licences.OF_KIND[one.kind][0]
    paper, owner = Sent(kind, one.code, "平城区行政审批服务管理局"), User.objects.get(phone=one.owner.phone)
    sent = licences.send(partner=mine.partner, sent=paper, by=owner, at=at - timedelta(hours=1))
    licences.check(licence=sent, required=True, by=user, at=at)
    checking.let_stand(application=mine, by=user, note="资料齐全，原件已核对", at=at)


def _begin(at: datetime) -> None:
    reviewers = [colleague(one) for one in SHEETS]
    scoring.begin(call=Call.objects.get(title=SETTLED), reviewers=reviewers, by=colleague(cast.WENYUAN_HEAD), at=at)


def _mark(by: cast.Colleague, at: datetime) -> None:
    for one, less in zip(RIVALS, SHEETS[by], strict=True):
        marks = [one.marks[0] + less, *one.marks[1:]]
        scoring.mark(application=_application(one).get(), marks=marks, by=colleague(by), at=at)


def _propose_ranked(at: datetime) -> None:
    choosing.propose_ranked(call=Call.objects.get(title=SETTLED), by=colleague(cast.WENYUAN_HEAD), at=at)


def _notice(one: Candidate) -> Notice | None:
    mine = _application(one).first()
    return Notice.objects.filter(items__about=choosing.about(mine)).first() if mine else None


def _shown(one: Candidate) -> bool:
    return _notice(one) is not None


def _show(one: Candidate, by: cast.Colleague, head: cast.Colleague, at: datetime) -> None:
    made = choosing.show(applications=[_application(one).get()], by=colleague(by), at=at)
    publishing.publish(notice=made, by=colleague(head), at=at + timedelta(hours=1))


def _admit(at: datetime) -> None:
    if notice := _notice(BARBER):
        publishing.end(notice=notice, at=at)
    choosing.admit(application=_application(BARBER).get(), by=colleague(cast.WENYUAN_HEAD), at=at)


def _write_agreement(asked: Asked, at: datetime) -> None:
    mine, starts = _application(BARBER).select_related("partner", "community").get(), asked.day - timedelta(days=38)
    line = Line(
        BARBER.promise.item, BARBER.promise.times, BARBER.promise.people, BARBER.promise.discount, Promise.Duty.SERVICE,
        Promise.Focus.OLD_AND_YOUNG,
    )  # fmt: skip
    terms = Terms(
        "社区合伙人协议",
        starts,
        months_after(starts, 12) - timedelta(days=1),
        (line,),
        mode=Agreement.Mode.SUBSIDY,
        percent=100,
    )
    drafting.draft(
        partner=mine.partner, community=mine.community, terms=terms, template=Template.objects.current().get(), application=mine,
        by=colleague(cast.WENYUAN_WORKER), at=at,
    )  # fmt: skip


def _send(agreement: Agreement, by: cast.Colleague, at: datetime) -> None:
    """What a demo of before agreed names no promises one by one: that renewal stays a draft."""
    if agreement.promises.exists():
        signing.send(agreement=agreement, by=colleague(by), at=at)


def _sign(agreement: Agreement, who: Merchant | cast.Colleague, at: datetime) -> None:
    owner = isinstance(who, Merchant)
    side = Signature.Side.PARTNER if owner else Signature.Side.COMMUNITY
    by = User.objects.get(phone=who.phone) if isinstance(who, Merchant) else colleague(who)
    hand = Hand(who.name, who.phone, PLACELESS)
    signing.sign(agreement=agreement, side=side, hand=hand, seen=agreement.sha256, by=by, at=at)


def _renew(partner: str, at: datetime) -> None:
    old = Agreement.objects.get(partner__name=partner, replaces=None)
    drafting.renew(agreement=old, by=colleague(cast.YONGAN_WORKER), at=at)


def _application(one: Candidate) -> PartnerApplicationQuerySet:
    return Application.objects.filter(partner__name=one.name)


def _community(place: Place) -> Community:
    return Community.objects.select_related("sub_district").get(name=place.name, sub_district__name=STREET)


def _recorder(place: Place) -> User:
    return User.objects.get(username=cast.recorder(place))
