"""礼品 at the counter: exchanging, collecting and giving back for somebody without a phone (communities/counter.py)."""

from datetime import datetime

from django.shortcuts import get_object_or_404

from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import words
from partners import exchanging, gifts
from partners.models import Exchange, Gift
from points import statement


def register_acts() -> None:
    """The counter offers these, in this order."""
    register(Act("gift", "兑换礼品", on_list, reserve_plan, reserve, place=2))
    register(Act("gift-collect", "领取礼品", to_collect, collect_plan, collect, place=1))
    register(Act("gift-back", "退回礼品", to_collect, back_plan, give_back, place=2))


def on_list(resident: Resident, at: datetime) -> list[Choice]:
    """What is given near the resident, with why not; what is not for them at all is left out."""
    found = [(gift, why) for gift, why in gifts.shown_to(resident, at) if not isinstance(why, gifts.CouriersOnly)]
    return [
        Choice(
            gift.pk,
            gift.title,
            f"剩{gift.left}{gift.unit}，{gift.where}",
            f"{gift.price:,}积分",
            why.message if why else "",
        )
        for gift, why in found
    ]


def reserve_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is not within reach."""
    gift, have = _gift(resident, number), statement.available(resident, at=at)
    facts = [
        ("礼品", gift.title), ("使用积分", f"{gift.price:,}积分"), ("可用积分", f"办理前{have:,}，办理后{max(have - gift.price, 0):,}"),
        ("领取", gift.where),
    ]  # fmt: skip
    note = "办好后积分马上使用；当场领取的，接着办“领取礼品”。"
    return Plan(f"兑换“{gift.title}”", facts, "确认兑换", note, gifts.refusal_to_reserve(gift, resident, at))


def reserve(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `exchanging.reserve` refuses."""
    made = exchanging.reserve(gift=_gift(resident, number), resident=resident, by=by, at=at)
    after = statement.available(resident, at=at)
    return Done(
        f"gift:{made.pk}",
        [
            f"已兑换“{made.gift.title}”，使用{made.price:,}积分，可用积分办理前{after + made.price:,}，办理后{after:,}。",
            f"领取码{made.spoken_number}，{words.day(made.collect_by)}前领取，过期退回积分。",
        ],
    )


def to_collect(resident: Resident, at: datetime) -> list[Choice]:
    """What waits for the resident."""
    waiting = Exchange.objects.of(resident).reserved().select_related("gift").order_by("collect_by", "pk")
    return [
        Choice(one.pk, one.gift.title, f"{words.day(one.collect_by)}前领取", f"{one.price:,}积分") for one in waiting
    ]


def collect_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is none of the resident's. Where it is handed out is said before anything else."""
    mine = _exchange(resident, number)
    facts = [("礼品", mine.gift.title), ("领取码", mine.spoken_number), ("发放社区", mine.community.name)]
    settled = None if mine.status == Exchange.Status.RESERVED else exchanging.NotReserved()
    return Plan(f"领取“{mine.gift.title}”", facts, "确认发放", "请当面把礼品交给本人，再请本人签字。", settled)


def collect(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `exchanging.hand_out` refuses."""
    done = exchanging.hand_out(exchange=_exchange(resident, number), by=by, way=Exchange.Way.SLIP, at=at)
    return Done(f"gift:{done.pk}", [f"已领取“{done.gift.title}”1{done.gift.unit}，出库单号{done.issue_number}。"])


def back_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is none of the resident's."""
    mine = _exchange(resident, number)
    settled = None if mine.status == Exchange.Status.RESERVED else exchanging.NotReserved()
    facts = [("礼品", mine.gift.title), ("退回积分", f"{mine.price:,}积分")]
    return Plan(f"退回“{mine.gift.title}”", facts, "确认退回", "积分马上退回本人账户。", settled)


def give_back(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `exchanging.give_back` refuses."""
    done = exchanging.give_back(exchange=_exchange(resident, number), by=by, reason="本人到窗口退回", at=at)
    return Done(f"gift:{done.pk}", [f"已退回“{done.gift.title}”，{done.price:,}积分已退回账户。"])


def _gift(resident: Resident, number: int) -> Gift:
    return get_object_or_404(
        Gift.objects.within_reach_of(resident).select_related("community", "sub_district"), pk=number
    )


def _exchange(resident: Resident, number: int) -> Exchange:
    return get_object_or_404(Exchange.objects.of(resident).select_related("gift", "community"), pk=number)
