"""亲友代办: the resident is told who may act from now on, and who no longer may."""

from communities.models import Helper
from notifications.outbox import Words, tell


def tell_change(helper: Helper) -> None:
    """Once when a helper is appointed, once when it ends."""
    ended = helper.ended_at is not None
    body = f"{helper.name}（{helper.relation}）{'不能再替您办理了。' if ended else '可以用自己的手机替您办理。不是您同意的，请马上取消，或打社区电话。'}"
    words = Words("亲友代办已取消" if ended else "已登记亲友代办", body, "/me/helpers/")
    tell(resident=helper.resident, occasion=f"helper:{helper.pk}:{'ended' if ended else 'appointed'}", words=words)
