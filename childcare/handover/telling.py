"""Both guardians hear of every change in who may take their child. Whom a bar names hears nothing."""

from childcare.models import Barred
from communities.models import Guardian, Resident
from notifications.models import Message
from notifications.outbox import Words, message, tell_many

AFTER = "不是您家办理的，请马上打开“接送人”撤销，并联系托管中心。"


def guardians_of(child: Resident, occasion: str, title: str, body: str) -> None:
    """One message to each guardian, once per occasion."""
    stopped = Barred.objects.standing().filter(child=child, guardian__isnull=False).values("guardian")
    told = Guardian.objects.current().filter(child=child).exclude(pk__in=stopped).select_related("guardian")
    said = Words(title, f"{body}{AFTER}", f"/childcare/pickups/{child.pk}/")
    tell_many(
        message(occasion, said, Message.Channel.INBOX, resident=one.guardian) for one in told.order_by("pk")
    )  # fmt: skip
