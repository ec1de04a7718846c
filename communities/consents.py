"""同意: what people agree to before their data are kept. The text itself is templates/communities/privacy.html."""

from communities.models import Consent, User
from core import clock

# A change of the text is a new version, and everyone is asked again (domain guide, 13.1).
PERSONAL_DATA_VERSION = "2026-11"


def give(*, account: User, purpose: Consent.Purpose, version: str) -> None:
    """Keep that `account` agreed to this version; a second time changes nothing."""
    Consent.objects.get_or_create(account=account, purpose=purpose, version=version, defaults={"given_at": clock.now()})
