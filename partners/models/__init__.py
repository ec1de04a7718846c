"""社区合伙人: their whole file, what they offer, and what points are exchanged for."""

from partners.models.agreements import (
    Agreement,
    AgreementQuerySet,
    Attachment,
    Ceremony,
    CeremonyQuerySet,
    Promise,
    RoomGrant,
    Signature,
    Template,
    TemplateQuerySet,
)
from partners.models.gifts import Exchange, ExchangeQuerySet, Gift, GiftQuerySet, Stocking
from partners.models.joining import (
    Application,
    Call,
    CallQuerySet,
    Criterion,
    Lookup,
    PartnerApplicationQuerySet,
    Review,
    Reviewer,
)
from partners.models.obligations import (
    Complaint,
    ComplaintQuerySet,
    Delivery,
    DeliveryQuerySet,
    Evaluation,
    Leaving,
    Rating,
    ShopVisit,
    Suspension,
    SuspensionQuerySet,
)
from partners.models.offers import (
    Appointment,
    Offer,
    OfferQuerySet,
    Redemption,
    RedemptionQuerySet,
    Slot,
    Voucher,
    VoucherQuerySet,
)
from partners.models.partners import Clerk, ClerkQuerySet, Licence, LicenceQuerySet, Paper, Partner, PartnerQuerySet
from partners.models.settling import Correction, Statement, StatementLine, StatementQuerySet
from partners.models.stock import CountLine, StockCount, StockCountQuerySet, StockSlip, StockSlipQuerySet

__all__ = [
    "Agreement", "AgreementQuerySet", "Application", "Appointment", "Attachment", "Call", "CallQuerySet",
    "Ceremony", "CeremonyQuerySet", "Clerk", "ClerkQuerySet", "Complaint", "ComplaintQuerySet", "Correction", "CountLine", "Criterion", "Delivery",
    "DeliveryQuerySet", "Evaluation", "Exchange", "ExchangeQuerySet", "Gift", "GiftQuerySet", "Leaving", "Licence",
    "LicenceQuerySet", "Lookup", "Offer", "OfferQuerySet", "Paper", "Partner", "PartnerApplicationQuerySet", "PartnerQuerySet", "Promise", "Rating",
    "Redemption", "RedemptionQuerySet", "Review", "Reviewer", "RoomGrant", "ShopVisit", "Signature", "Slot", "Statement",
    "StatementLine", "StatementQuerySet", "StockCount", "StockCountQuerySet", "StockSlip", "StockSlipQuerySet", "Stocking", "Suspension", "SuspensionQuerySet", "Template", "TemplateQuerySet", "Voucher", "VoucherQuerySet",
]  # fmt: skip
