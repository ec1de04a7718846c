"""The action bar under an activity: what the reader can do about it, or why there is nothing to do."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from activities import signup
from activities.models import Activity, Participation
from communities.models import Resident
from core.bars import Bar
from core.refusals import Refused

Status = Participation.Status
SAID: dict[str, tuple[str, str]] = {
    signup.ActivityCancelled.code: ("已取消", "可以看看其他活动"),
    signup.AlreadyStarted.code: ("已开始", "到了现场可请工作人员登记"),
    signup.ActivityFull.code: ("名额已满", "有人取消时会空出名额"),
    signup.NotConfirmed.code: ("待社区确认", "社区确认您的登记后就能报名，急用可打社区电话"),
    signup.OtherSubDistrict.code: ("仅限本街道居民", "可以看看您所在社区的活动"),
    signup.TooYoung.code: ("须满18岁", "未成年人请由监护人先联系社区"),
}


def bar_for(activity: Activity, resident: Resident | None, points: int, at: datetime) -> Bar:
    """`points` is about what the activity gives."""
    refused = signup.refusal_for(activity, resident, at) if resident else signup.closed_for(activity, at)
    if resident and isinstance(refused, signup.AlreadySignedUp):
        mine = signup.standing(activity, resident)
        return _taking_part(mine, activity, at) if mine else Bar("已取消报名")
    if refused:
        return _closed(refused)
    title = f"约可得{points}积分" if points else "志愿服务"
    left = f"还剩{activity.places_left}个名额"
    if resident is None:
        back = urlencode({"next": reverse("activities:detail", args=[activity.pk])})
        return Bar(title, left, tone="cost", label="登录后报名", url=f"{reverse('sign-in')}?{back}")
    return Bar(title, left, "cost", label="报名参加", url=reverse("activities:sign-up", args=[activity.pk]), post=True)


def _taking_part(mine: Participation, activity: Activity, at: datetime) -> Bar:
    if mine.status == Status.RECORDED:
        return Bar(
            f"待入账{mine.points}积分", "等另一位工作人员确认", "y", "hourglass", "查看", reverse("activities:mine")
        )
    if mine.status == Status.CONFIRMED:
        return Bar(f"已入账{mine.points}积分", "", "g", "circle-check", "看积分明细", reverse("points:statement"))
    if mine.status == Status.ABSENT:
        return Bar("未到场", "如有出入，请联系社区核对", "", "info-circle")
    if at >= activity.starts_at:
        return Bar("已报名", "活动结束后由社区记录时长", "g", "circle-check")
    withdraw = reverse("activities:withdraw", args=[activity.pk])
    return Bar("已报名", "活动开始前可以取消", "g", "circle-check", "取消报名", withdraw, post=True, look="plain")


def _closed(refused: Refused) -> Bar:
    title, sub = SAID[refused.code]
    return Bar(title, sub, icon="info-circle", tone="y")
