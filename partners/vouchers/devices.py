"""Which phone took a voucher, so that one phone which takes and uses it is noticed (domain guide, 8: fraud signals)."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from communities import devices
from communities.models import User


def device_of(request: HttpRequest, account: User) -> str:
    """A keyed hash of this browser as one that knows `account` (communities/devices.py); "" where it does not.

    A browser in which two accounts signed in knows both: asked at the till for the account that took the voucher, it answers
    as it did when the voucher was taken.
    """
    number = devices.known(request, devices.name_of(account))
    return salted_hmac("partners.vouchers.devices", number, algorithm="sha256").hexdigest() if number else ""
