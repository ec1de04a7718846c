"""Places, people, duties and settings: what every other app may refer to."""

from communities.models.appeals import Appeal, Holiday
from communities.models.consents import Consent
from communities.models.duties import Duty
from communities.models.people import Household, Resident, User
from communities.models.places import Community, Estate, SubDistrict
from communities.models.settings import Setting
from communities.models.signin import Attempts, SignInCode

__all__ = [
    "Appeal",
    "Attempts",
    "Community",
    "Consent",
    "Duty",
    "Estate",
    "Holiday",
    "Household",
    "Resident",
    "Setting",
    "SignInCode",
    "SubDistrict",
    "User",
]
