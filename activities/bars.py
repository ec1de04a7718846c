"""The action bar under an activity: what the reader can do about it, or why there is nothing to do."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from activities import ages, awaited, signup
from activities.models import Activity, Award, Participation
from communities.models import Resident
from core.bars import Bar
from core.refusals import Refused

Status = Participation.Status
SAID: dict[str, tuple[str, str]] = {
    signup.ActivityCancelled.code: ("已取消", "可以看看其他活动"),
    signup.AlreadyStarted.code: ("已开始", "到了现场可请工作人员登记"),
    signup.SignUpClosed.code: ("报名已截止", "想参加可打社区电话问一问"),
    signup.NotConfirmed.code: ("待社区确认", "社区确认您的登记后就能报名，急用可打社区电话"),
    signup.OtherSubDistrict.code: ("仅限本街道居民", "可以看看您所在社区的活动"),
    ages.TooSmall.code: ("未满8周岁", "可以由家长带着一起参加，不单独报名"),
    ages.ConsentMissing.code: ("要监护人先同意", "请监护人在“我的—孩子”里同意，或到社区窗口办理"),
    ages.GuardianMissing.code: ("要监护人陪同", "请监护人先到社区窗口登记"),
    ages.Dangerous.code: ("须满18岁", "这个活动可能有人身危险"),
    ages.AgeUnknown.code: ("要先登记出生日期", "请带证件到社区窗口登记"),
}


def bar_for(activity: Activity, resident: Resident | None, points: int, at: datetime) -> Bar:
    """`points` is about what the activity gives."""
    refused = signup.refusal_for(activity, resident, at) if resident else signup.closed_for(activity, at)
    if resident and isinstance(refused, signup.AlreadySignedUp):
        mine = signup.standing(activity, resident)
        return _taking_part(mine, activity, at) if mine else Bar("已取消报名")
    if signup.can_wait(refused):
        return _full(activity, resident, at)
    if refused:
        return _closed(activity, refused)
    kind = "志愿服务" if activity.volunteering else activity.get_kind_display()
    gives = "约可得" if activity.volunteering else "可得"
    title = f"{gives}{points}积分" if points else kind
    left = f"还剩{activity.places_left}个名额"
    if resident is None:
        return Bar(title, left, tone="cost", label="登录后报名", url=_after_signing_in(activity))
    return Bar(title, left, "cost", label="报名参加", url=reverse("activities:sign-up", args=[activity.pk]), post=True)


def _full(activity: Activity, resident: Resident | None, at: datetime) -> Bar:
    """Only the number of places stands against it: one can wait for one that becomes free."""
    waiting = activity.participations.in_line().count()
    said = f"前面有{waiting}人候补，有人取消时依次补上" if waiting else "有人取消时，按候补顺序自动补上"
    if resident is None:
        return Bar("名额已满", said, "y", "info-circle", "登录后候补", _after_signing_in(activity), look="ghost")
    line = reverse("activities:join-line", args=[activity.pk])
    return Bar("名额已满", said, "y", "info-circle", "加入候补", line, post=True, look="ghost")


def _after_signing_in(activity: Activity) -> str:
    back = urlencode({"next": reverse("activities:detail", args=[activity.pk])})
    return f"{reverse('sign-in')}?{back}"


def _taking_part(mine: Participation, activity: Activity, at: datetime) -> Bar:
    mine.activity = activity  # which has its community
    if found := _settled(mine):
        return found
    withdraw = reverse("activities:withdraw", args=[activity.pk])
    if mine.status == Status.WAITING:
        ahead = signup.ahead_of(mine)
        said = f"前面还有{ahead}人，补上时会通知您" if ahead else "您排在第一位，补上时会通知您"
        return Bar("候补中", said, "y", "hourglass", "退出候补", withdraw, post=True, look="plain")
    if mine.arrived_at:
        return Bar("已签到", "离开时请在现场签退", "g", "circle-check")
    if at >= activity.starts_at:
        return Bar("已报名", "请到现场签到；忘了签到的，请告诉工作人员", "g", "circle-check")
    return Bar("已报名", "活动开始前可以取消", "g", "circle-check", "取消报名", withdraw, post=True, look="plain")


def _settled(mine: Participation) -> Bar | None:
    """What is written down already, and what happens to it next."""
    if mine.status == Status.RECORDED:
        said = awaited.one_said(mine)
        return Bar(awaited.title_of(mine), said, "y", "hourglass", "查看", reverse("activities:mine"))
    if mine.award and mine.award.status == Award.Status.NOTICE:
        return Bar(
            f"待公示{mine.points}积分", "公示期满没有异议后入账", "y", "hourglass", "查看", reverse("activities:awards")
        )
    if mine.status == Status.CONFIRMED:
        return Bar(f"已入账{mine.points}积分", "", "g", "circle-check", "看积分明细", reverse("points:statement"))
    if mine.status == Status.ABSENT:
        return Bar("未到场", "如有出入，请联系社区核对", "", "info-circle")
    return None


def _closed(activity: Activity, refused: Refused) -> Bar:
    ages = {
        signup.TooYoung.code: (f"须满{activity.min_age}岁", "未成年人请由监护人先联系社区"),
        signup.TooOld.code: (f"限{activity.max_age}岁以下", "可以看看其他活动"),
        signup.BusyThen.code: ("时间有冲突", refused.message),
    }
    title, sub = {**SAID, **ages}.get(refused.code, ("现在不能报名", refused.message))
    return Bar(title, sub, icon="info-circle", tone="y")
