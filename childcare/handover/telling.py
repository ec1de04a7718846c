"""Both guardians hear of every change in who may take their child. Whom a bar names hears nothing."""

from childcare.speaking import speakers_of
from communities.models import Resident
from notifications.models import Message
from notifications.outbox import Words, message, tell_many

AFTER = "不是您家办理的，请马上打开“接送人”撤销，并联系托管中心。"


def guardians_of(child: Resident, occasion: str, title: str, body: str) -> None:
    """One message to each guardian, once per occasion."""
    said = Words(title, f"{body}{AFTER}", f"/childcare/pickups/{child.pk}/")
    tell_many(message(occasion, said, Message.Channel.INBOX, resident=one.guardian) for one in speakers_of(child))
