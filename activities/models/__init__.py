"""Where points are earned: activities and who took part, the book of hours, small deeds, posts, stars."""

from activities.models.activity import Activity, ActivityQuerySet, FollowUp, Series
from activities.models.awards import Award
from activities.models.deeds import Deed, Photo
from activities.models.hours import Correction, Honour, Service, Training
from activities.models.participation import Means, Participation, ParticipationQuerySet
from activities.models.posts import DutyMonth, Holding, Post
from activities.models.sheets import Sheet, SheetLine
from activities.models.stars import Certificate, CertificateRequest, Star, StarBar
from activities.models.visits import Visit
from activities.models.volunteers import Volunteer

__all__ = [
    "Activity",
    "ActivityQuerySet",
    "Award",
    "Certificate",
    "CertificateRequest",
    "Correction",
    "Deed",
    "DutyMonth",
    "FollowUp",
    "Holding",
    "Honour",
    "Means",
    "Participation",
    "ParticipationQuerySet",
    "Photo",
    "Post",
    "Series",
    "Service",
    "Sheet",
    "SheetLine",
    "Star",
    "StarBar",
    "Training",
    "Visit",
    "Volunteer",
]
