"""The one-time code under a signature: sent to the signatory's own phone, good in the browser that asked, for one agreement."""

from django.http import HttpRequest

from communities import sessions, signin
from communities.kin import OwnPhoneMissing
from communities.limits import address_of
from communities.sessions import Asked
from partners.agreements.signing import Hand
from partners.models import Agreement


def asked(request: HttpRequest, agreement: Agreement) -> Asked | None:
    """For which phone this browser asked, in order to sign `agreement`."""
    return sessions.asked(request, _purpose(agreement))


def ask(request: HttpRequest, agreement: Agreement, phone: str) -> None:
    """Refuses `OwnPhoneMissing` without a phone, and as `signin.send_code` does."""
    if not phone:
        raise OwnPhoneMissing
    sessions.ask(request, _purpose(agreement), phone)


def prove(request: HttpRequest, agreement: Agreement, phone: str, said: dict[str, str]) -> Hand:
    """The signature that the code stands behind. Refuses as `signin.prove` does; a code to another phone counts for none."""
    mine = asked(request, agreement)
    if mine is None or mine.phone != phone:
        raise signin.NoCode
    hand = Hand(said["name"], phone, address_of(request), said["drawing"])
    hand.check()
    signin.prove(phone=phone, browser=mine.browser, code=said["code"])
    sessions.done(request, _purpose(agreement))
    return hand


def _purpose(agreement: Agreement) -> str:
    return f"sign-agreement-{agreement.pk}"
