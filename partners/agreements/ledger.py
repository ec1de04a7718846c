"""协议台账 and 合伙人名册 as Excel files, and how long before its end an agreement counts as ending."""

from collections.abc import Iterator
from typing import IO

from django.db.models import Count, Q

from communities import settings
from communities.models import Community, User
from communities.workbook import Cell, workbook
from core import clock
from partners.models import Agreement, AgreementQuerySet, Partner
from partners.models.partners import in_force

AGREEMENTS = (
    ("编号", 22), ("版本", 6), ("社区", 14), ("合伙人", 22), ("类型", 10), ("行业", 12), ("协议", 20), ("公益承诺", 40), ("结算方式", 12),
    ("补贴比例（%）", 10), ("结对", 6), ("签订日期", 12), ("开始日期", 12), ("到期日期", 12), ("终止日期", 12), ("终止原因", 20), ("状态", 10), ("文本摘要", 68),
)  # fmt: skip
PARTNERS = (
    ("合伙人", 22), ("类型", 10), ("行业", 12), ("服务内容", 40), ("地址", 24), ("服务时间", 18), ("对外电话", 16), ("统一社会信用代码", 22),
    ("成为合伙人", 12), ("生效协议", 8), ("有效证照", 8),
)  # fmt: skip


def warned(user: User) -> int:
    """How many days before its end an agreement counts as ending: the setting of the reader's sub-district."""
    street = Community.objects.for_staff(user).order_by("pk").values_list("sub_district", flat=True).first()
    declared = settings.AGREEMENT_DAYS
    return settings.value_of(declared, street) if street else declared.default


def agreements_file(found: AgreementQuerySet, days: int) -> IO[bytes]:
    rows = found.select_related("partner", "community").defer("text", "document").order_by("pk")
    return workbook("协议台账", AGREEMENTS, (_agreement(one, days) for one in rows.iterator(chunk_size=500)))


def _agreement(one: Agreement, days: int) -> tuple[Cell, ...]:
    partner = one.partner
    return (
        one.number, one.version, one.community.name, partner.name, partner.get_kind_display(), partner.get_trade_display(), one.title,
        one.promise, one.get_mode_display(), one.percent, "是" if one.pairing else "", one.signed_on, one.starts_on, one.ends_on, one.ended_on,
        one.end_reason, one.state_on(clock.today(), days).label, one.sha256,
    )  # fmt: skip


def roster_file(user: User) -> IO[bytes]:
    """The partners of the reader's communities, without the people behind them."""
    return workbook("合伙人名册", PARTNERS, _partners(user))


def _partners(user: User) -> Iterator[tuple[Cell, ...]]:
    today, own = clock.today(), Community.objects.for_staff(user)
    held = Count("agreements", filter=in_force(today, "agreements__") & Q(agreements__community__in=own), distinct=True)
    good = Q(licences__ended_at=None) & (Q(licences__valid_until=None) | Q(licences__valid_until__gte=today))
    found = Partner.objects.for_staff(user).filter(admitted_at__isnull=False).order_by("pk")
    counted = found.annotate(held_now=held, good_now=Count("licences", filter=good, distinct=True))
    for one in counted.iterator(chunk_size=500):
        joined = clock.local(one.admitted_at).date() if one.admitted_at else None
        yield (
            one.name, one.get_kind_display(), one.get_trade_display(), one.summary, one.address, one.hours, one.phone, one.credit_code,
            joined, vars(one)["held_now"], vars(one)["good_now"],
        )  # fmt: skip
