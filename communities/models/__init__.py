"""Places, people, duties and settings: what every other app may refer to."""

from communities.models.appeals import Appeal, Holiday
from communities.models.consents import Consent
from communities.models.couriers import Courier
from communities.models.duties import Duty
from communities.models.evidence import Evidence, EvidenceImage, SearchKey
from communities.models.files import Correction
from communities.models.guardians import Guardian
from communities.models.helping import Card, Helper, Slip
from communities.models.households import Parting
from communities.models.importing import Batch, Line
from communities.models.kin import FormerNumber
from communities.models.notices import Notice, NoticeItem, Objection
from communities.models.people import Household, Resident, User
from communities.models.places import Community, Estate, Grid, SubDistrict
from communities.models.rights import Change, Look, RightsRequest
from communities.models.settings import Setting
from communities.models.signin import Attempts, FormerPassword, SignInCode

__all__ = [
    "Appeal",
    "Attempts",
    "Batch",
    "Card",
    "Change",
    "Community",
    "Consent",
    "Correction",
    "Courier",
    "Duty",
    "Estate",
    "Evidence",
    "EvidenceImage",
    "FormerNumber",
    "FormerPassword",
    "Grid",
    "Guardian",
    "Helper",
    "Holiday",
    "Household",
    "Line",
    "Look",
    "Notice",
    "NoticeItem",
    "Objection",
    "Parting",
    "Resident",
    "RightsRequest",
    "SearchKey",
    "Setting",
    "SignInCode",
    "Slip",
    "SubDistrict",
    "User",
]
