"""附件: a picture that was drawn anew is kept with its fingerprint, and shown to whoever may see the agreement."""

from datetime import datetime
from hashlib import sha256

from communities.models import User
from communities.photos import Picture
from partners.models import Paper, Partner


def kept(partner: Partner, title: str, picture: Picture, by: User, at: datetime) -> Paper:
    """A row of `picture`, in the partner's file."""
    jpeg = picture.jpeg
    return Paper.objects.create(partner=partner, title=title, jpeg=jpeg, sha256=sha256(jpeg).hexdigest(), by=by, at=at)
