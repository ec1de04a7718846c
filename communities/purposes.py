"""用途: what each consent is asked for, in the words that the person reads. A changed text is a new version.

The rules of an account's door (个人信息处理规则) are a page of their own: templates/communities/privacy.html.
"""

from dataclasses import dataclass

from communities.models import Consent

Purpose = Consent.Purpose
# A change of the text is a new version, and everyone is asked again (domain guide, 13.1).
PERSONAL_DATA_VERSION = "2026-12"


@dataclass(frozen=True)
class Text:
    """What is done with a yes, and what a no costs: nothing that does not need it. `asked`: a box of its own on 同意事项.

    What is not asked for there is asked for where it is needed, and withdrawn on the same page as all others.
    """

    version: str
    done: str
    without: str
    asked: bool = False


TEXTS = {
    Purpose.PERSONAL_DATA: Text(
        PERSONAL_DATA_VERSION,
        "用姓名、手机号和所在社区确认您是本社区居民，办理报名、记积分、发提醒。",
        "没有这项同意，不能在网上登记；可以注销账号。",
    ),
    Purpose.HOUSEHOLD: Text(
        "2026-11",
        "社区把您登记在一个家庭（户）里。家人再各自同意后，可以一起使用积分。",
        "不登记家庭，其他服务都照常。撤回后您不再属于这一户。",
    ),
    Purpose.HELPER: Text(
        "2026-11",
        "您指定的亲友可以用自己的手机替您查看、报名和取消。",
        "不指定亲友，您自己办理或到窗口办理。撤回后亲友马上不能再代办。",
    ),
    Purpose.NOTICE: Text(
        "2026-11",
        "公示名单上显示遮住一个字的姓名，例如王*兰。不显示手机号、住址和困难情况。",
        "名单上不出现您，只计入人数。积分和服务都照常。",
        asked=True,
    ),
    Purpose.PHOTO: Text(
        "2026-11", "活动照片里有您时，社区可以用在本社区的宣传栏上。", "照片里有您的不使用。活动照常参加。"
    ),
    Purpose.PARTNER: Text(
        "2026-12",
        "您预约上门服务时，把上门地址和遮住一个字的姓名交给您选的合伙人，只用于这一次上门，用后删除。不交手机号。",
        "不交给合伙人，由社区转告。服务照常。",
    ),
    Purpose.HEALTH: Text(
        "2026-11", "登记您告诉社区的健康情况，活动时照顾到您。", "不登记。需要健康条件的活动，请当面说明。"
    ),
    Purpose.HARDSHIP: Text("2026-11", "登记优待身份，用来减免积分。页面上只写“优待”。", "不登记，按普通标准使用积分。"),
    Purpose.MINOR_VOLUNTEER: Text(
        "2026-12",
        "孩子参加适合年龄的志愿服务，不参加有危险的活动。社区记录孩子的姓名、出生日期、参加的活动和服务时长；"
        "未满14周岁的，监护人要一起到场，积分记给监护人，公示名单上不出现孩子。",
        "孩子不报名志愿服务，其他服务都照常。撤回后，还没开始的报名会取消，已有的服务时长保留。",
    ),
    Purpose.MINOR_COURSES: Text(
        "2026-12",
        "14至17周岁的孩子报名接收这个年龄的夜校课程，积分从孩子自己的账户使用。社区在报名记录上写明是哪位监护人同意的。",
        "孩子不报名夜校，其他服务都照常。撤回后不能再报新课，已报的课可以退。",
    ),
    Purpose.CHILD_DATA: Text(
        "2026-12",
        "按《儿童个人信息规则》处理孩子的姓名、出生日期、学校、到班和接送记录，交给受社区委托的托管运营单位用来照看孩子，只用于托管。",
        "没有这项同意，不能报名托管；其他服务都照常。撤回后托位从第二天起结束。",
    ),
    Purpose.CARE: Text(
        "2026-12",
        "您读过托管服务协议和家长须知，按其中的时间、收费和接送规则使用托管。",
        "没有这项同意，不能报名托管。撤回后托位从第二天起结束。",
    ),
    Purpose.CARE_HEALTH: Text(
        "2026-12",
        "登记孩子的过敏、慢性病、用药和忌口，加密保存，只有托管运营单位的当班老师和中心负责人能看，离开托管90天后删除。",
        "不登记健康情况，托管照常。撤回后马上删除已登记的健康情况。",
    ),
    Purpose.CARE_PICKUP: Text(
        "2026-12",
        "登记您授权的接送人（姓名、关系、电话、证件后四位），老师放人前核对。",
        "不登记其他接送人，只由监护人接送。撤回后已登记的接送人和接送码马上作废。",
    ),
    Purpose.CARE_PHOTO: Text(
        "2026-12", "中心可以在本班的墙报上使用有孩子的活动照片，不发到网上。", "照片里有孩子的不使用。托管照常。"
    ),
    Purpose.CARE_ALONE: Text(
        "2026-12",
        "四年级及以上的孩子可以在班次结束后自己离开，不用大人接。",
        "孩子由大人接走。撤回后从当天起不再放孩子自己走。",
    ),
    Purpose.CARE_RELIEF: Text(
        "2026-12",
        "登记家庭的优待情况，用来减免托管费，加密保存，只有复核人员和您能看到是哪一种，账单上只写“优待减免”。",
        "不登记，按标准收费。撤回后从下一张账单起不再减免，以前的不追回。",
    ),
    Purpose.COURSES: Text(
        "2026-12",
        "同户的家人可以用自己的手机替您报夜校，从您的账户使用积分（您加入了家庭积分的，也可以用家庭积分）。报名时家人会看到您的积分够不够。每次报名都会发消息告诉您。",
        "家人不能替您报，您自己报名或到窗口办理。撤回后家人马上不能再代报，已报的课不变。",
        asked=True,
    ),
    Purpose.VOLUNTEER: Text(
        "2026-11",
        "社区登记您为志愿者：姓名、性别、出生日期、证件号、居住区域、手机号、专业技能、愿意参加的服务，连同服务记录一起上报国家指定的志愿服务信息系统。不公开，不用于商业。",
        "不登记，照样可以报名参加活动、获得积分；服务记录只留在社区，不上报。",
    ),
}
