"""社区合伙人, what was agreed with them, and what points are exchanged for."""

from partners.models.agreements import Agreement, AgreementQuerySet, Partner, PartnerQuerySet
from partners.models.gifts import Exchange, ExchangeQuerySet, Gift, GiftQuerySet, Stocking

__all__ = [
    "Agreement",
    "AgreementQuerySet",
    "Exchange",
    "ExchangeQuerySet",
    "Gift",
    "GiftQuerySet",
    "Partner",
    "PartnerQuerySet",
    "Stocking",
]
