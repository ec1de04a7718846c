"""Sent for signing, and signed by both sides: on the phone by the owner, at the desk by the head, or both on paper.

What is signed is the text that the database wrote of the rows (partners/sql/0002); each signature bears its fingerprint.
The agreement's row is locked first, so that two signatures at once come one after the other, and the second one closes it.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from communities import closing, duties
from communities.models import User
from communities.photos import Picture
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.agreements import drafting, halting, recording, wording
from partners.agreements.dates import AgreementOver, refusal_as_over
from partners.agreements.drafting import locked, put_paper
from partners.models import Agreement, Attachment, Clerk, Signature
from partners.obligations import bias

HEADS = (duties.Role.HEAD, duties.Role.STREET_ADMIN)
# M and L of an SVG path in a box of 600 × 200, as static/sign.js writes them.
STROKES = re.compile(r"M[0-9]{1,3} [0-9]{1,3}( ?[ML][0-9]{1,3} [0-9]{1,3}){4,2000}")
Status, Side, Way = Agreement.Status, Signature.Side, Signature.Way


class NotSent(Refused):
    code = "agreement_not_sent"
    message = "这份协议现在不能签署，没有改动。可能已经签好、撤回修改或作废，请刷新页面查看。"


class SignedAlready(Refused):
    code = "side_signed"
    message = "这一方已经签过字，没有重复签署。请刷新页面查看。"


class RecordedOnPaper(Refused):
    code = "recorded_on_paper"
    message = "这份登记的是纸质协议，不用在手机或电脑上签，没有改动。上传扫描件后，由另一位负责人确认。"


class NotForYou(Refused):
    code = "not_the_signatory"
    message = "甲方由社区主任签署，乙方由店主本人签署，没有改动。请通知本人办理。"
    status = 403


class SameColleague(Refused):
    code = "scan_two_people"
    message = "上传扫描件和确认纸质签字须是两个人，没有改动。请另一位负责人确认。"
    status = 403


class TextChanged(Refused):
    code = "agreement_changed"
    message = "您打开页面以后，协议撤回修改过，没有签署。请重新阅读后再签。"


class TextLacks(BadInput):
    code = "agreement_text_lacks"

    def __init__(self, places: list[str]) -> None:
        marks = "".join(f"【{one}】" for one in places)
        super().__init__(
            f"正文里的{'、'.join(places)}和填写的不一致，没有送签。请在正文里写回{marks}，或按范本重新生成正文。"
        )


class BadSignature(BadInput):
    code = "bad_signature"
    message = "请键入全名（2到40个字），或在框里手写签名，没有签署。"


class NoScan(Refused):
    code = "no_scan"
    message = "还没有上传双方签字的扫描件，没有改动。请先上传。"


REFUSALS: Refusals = {
    **recording.REFUSALS,
    **drafting.REFUSALS,
    "PA011": lambda _: NotSent(),
    "PA012": lambda _: NotSent(),
    "PA013": lambda _: AgreementOver(),
    "signature_once": lambda _: SignedAlready(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


@dataclass(frozen=True)
class Hand:
    """How somebody signed on a screen: the name, perhaps strokes, after a code to the phone that ends in `phone`."""

    name: str
    phone: str
    address: str
    drawing: str = ""

    def check(self) -> None:
        """Refuses `BadSignature`."""
        if not 2 <= len(self.name.strip()) <= 40 or (self.drawing and not STROKES.fullmatch(self.drawing)):
            raise BadSignature


@verb(REFUSALS)
def send(*, agreement: Agreement, by: User, at: datetime | None = None) -> Agreement:
    """Fill in the text; from now on nothing of it changes. Refuses `AgreementSigned`, `NoPromise`, `BadTerm`, `TextLacks`."""
    mine = locked(agreement, by)
    drafting.check_rows(mine)
    mine.text = wording.rendered(mine)
    if lacking := wording.lacking(mine):
        raise TextLacks(lacking)
    mine.status, mine.sent_at = Status.SIGNING, at or clock.now()
    mine.save(update_fields=["text", "status", "sent_at"])
    mine.refresh_from_db(fields=["document", "sha256"])
    return mine


@verb(REFUSALS)
def call_back(*, agreement: Agreement, by: User) -> Agreement:
    """A draft again, its text with the marks, to be corrected while nobody has signed. Refuses `AgreementSigned`."""
    mine = locked(agreement, by, Status.SIGNING)
    if mine.signatures.exists() or mine.signed_on:
        raise drafting.AgreementSigned
    mine.text = wording.marked(mine)
    mine.status, mine.document, mine.sha256, mine.sent_at = Status.DRAFT, "", "", None
    mine.save(update_fields=["text", "status", "document", "sha256", "sent_at"])
    return mine


def refusal_to_sign(agreement: Agreement, side: Signature.Side, by: User) -> Refused | None:
    """Why `by` cannot sign for `side`; None when nothing stands against it. Page and verb ask."""
    if agreement.status != Status.SIGNING:
        return NotSent()
    if agreement.signed_on:
        return RecordedOnPaper()
    if agreement.signatures.filter(side=side).exists():
        return SignedAlready()
    if side == Side.PARTNER:
        owners = Clerk.objects.current().filter(partner=agreement.partner_id, slot=Clerk.OWNER)
        refused: Refused | None = None if owners.filter(account=by).exists() else NotForYou()
    else:
        refused = _not_for_community(agreement, by)
    return refused or _refusal_of_both(agreement)


def _refusal_of_both(agreement: Agreement) -> Refused | None:
    over = refusal_as_over(agreement.signed_on, agreement.ends_on)
    return over or halting.refusal_for(agreement.partner, agreement.community)


def _not_for_community(agreement: Agreement, by: User) -> Refused | None:
    """Nobody speaks for the community towards the own shop, or the family's, nor agrees alone to terms of the own writing."""
    if not duties.holds(by, agreement.community, *HEADS):
        return NotForYou()
    return bias.refusal_for(by, agreement.partner, recorders=[agreement.recorded_by_id])


@verb(REFUSALS)
def sign(
    *, agreement: Agreement, side: Signature.Side, hand: Hand, seen: str, by: User, at: datetime | None = None
) -> Agreement:  # fmt: skip
    """One side signs the text whose fingerprint it has `seen`; the second one closes the agreement. A second tap changes nothing.

    The code was proved before (communities/signin.py). Refuses `BadSignature`, `TextChanged`, what `refusal_to_sign` says.
    """
    hand.check()
    mine, at = _locked(agreement), at or clock.now()
    if mine.signatures.filter(side=side, by=by).exists():
        return mine
    if refused := refusal_to_sign(mine, side, by):
        raise refused
    if seen != mine.sha256:
        raise TextChanged
    way = Way.DRAWN if hand.drawing else Way.TYPED
    Signature.objects.create(
        agreement=mine, side=side, way=way, name=hand.name.strip(), drawing=hand.drawing, phone=hand.phone[-4:],
        address=hand.address, sha256=mine.sha256, by=by, at=at,
    )  # fmt: skip
    return _close(mine, at)


@verb(REFUSALS)
def scan(*, agreement: Agreement, title: str, picture: Picture, by: User, at: datetime | None = None) -> Attachment:
    """A page of the copy on paper: while it waits to be signed, or of what was signed. Refuses `AgreementSigned`, `TooManyPapers`."""
    mine = locked(agreement, by, Status.SIGNING, Status.SIGNED)
    return put_paper(mine, title, picture, by, at or clock.now(), scan=True)


def refusal_to_confirm(agreement: Agreement, by: User) -> Refused | None:
    """Why `by` cannot say that the paper is signed; None when nothing stands against it. Page and verb ask."""
    if agreement.status != Status.SIGNING:
        return NotSent()
    if not duties.holds(by, agreement.community, *HEADS):
        return NotForYou()
    uploaders = set(agreement.attachments.filter(scan=True).values_list("paper__by", flat=True))
    if not uploaders:
        return NoScan()
    refused = SameColleague() if by.pk in uploaders else _not_for_community(agreement, by)
    return refused or _refusal_of_both(agreement)


@verb(REFUSALS)
def confirm_paper(
    *, agreement: Agreement, partner_name: str, community_name: str, by: User, at: datetime | None = None
) -> Agreement:  # fmt: skip
    """The head has seen both signatures on the scan; a side that signed on a screen keeps that. Refuses as `refusal_to_confirm`.

    Who was taken over from paper is a partner from now on: `PartnerNameTaken`.
    """
    mine, at = _locked(agreement), at or clock.now()
    if refused := refusal_to_confirm(mine, by):
        raise refused
    there = set(mine.signatures.values_list("side", flat=True))
    for side, name in ((Side.PARTNER, partner_name.strip()), (Side.COMMUNITY, community_name.strip())):
        if not 2 <= len(name) <= 40:
            raise BadSignature
        if side not in there:
            Signature.objects.create(
                agreement=mine, side=side, way=Way.PAPER, name=name, sha256=mine.sha256, by=by, at=at
            )
    recording.admit(mine.partner, at)
    return _close(mine, at)


def _locked(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("partner", "community__sub_district").get(pk=agreement.pk)


def _close(mine: Agreement, at: datetime) -> Agreement:
    """With both signatures it is signed, and the one that it follows ends on the day on which it begins."""
    if mine.signatures.count() < 2:
        return mine
    mine.status, mine.signed_on = Status.SIGNED, mine.signed_on or clock.local(at).date()
    mine.save(update_fields=["status", "signed_on"])
    if mine.replaces_id:
        _end_before(mine, mine.replaces_id)
    return mine


def _end_before(mine: Agreement, old_id: int) -> None:
    old = Agreement.objects.select_for_update(no_key=True).get(pk=old_id)
    if old.ended_on is None and mine.starts_on <= old.ends_on:
        old.ended_on, old.end_reason = max(mine.starts_on, old.starts_on), f"由{mine.number}接续"
        old.save(update_fields=["ended_on", "end_reason"])
