"""小哥登记: what became of it reaches the inbox of the courier."""

from communities import helping
from communities.models import Courier
from notifications.outbox import Words, tell

SAID = {
    "asked": ("已登记为小哥", "小哥登记已提交（{platform}），等社区审核。"),
    "confirmed": ("小哥登记已通过", "社区已确认您的小哥登记（{platform}）。现在可以领小哥岗位、兑换小哥礼品。"),
    "declined": (
        "小哥登记未通过",
        "您的小哥登记没有通过：{reason}。可以重新登记；有疑问可在“小哥驿站”里申诉，或打社区电话。",
    ),
    "qualified": ("已列为合格小哥", "合格小哥名单公示期满，没有异议，您已列为合格小哥。"),
    "stopped": ("暂未列为合格小哥", "公示期间异议成立，您暂未列为合格小哥，登记和积分不变。有疑问请联系社区。"),
    "ended": ("小哥登记已结束", "您的小哥登记已结束：{reason}。已得的积分不变；再跑单时可以重新登记。"),
}


def tell_courier(courier: Courier, event: str) -> None:
    """Once for each event. Who registers knows it; whose helper did is told."""
    helper = helping.said(courier.resident, courier.by) if event == "asked" else ""
    if event == "asked" and not helper:
        return
    title, body = SAID[event]
    said = helper + body.format(platform=courier.platform, reason=courier.end_reason)
    tell(
        resident=courier.resident, occasion=f"courier:{courier.pk}:{event}", words=Words(title, said, "/couriers/")
    )  # fmt: skip
