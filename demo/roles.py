"""The roles that the demo's sign-in page offers, one button each."""

from dataclasses import dataclass

from demo import cast


@dataclass(frozen=True)
class Role:
    """Somebody to be. A resident is known by name and phone, a relative or merchant by phone, a colleague by login name; `size` is how letters look."""

    code: str
    title: str
    person: cast.Known | cast.Relative | cast.Colleague | cast.Merchant
    what: str
    size: str = "standard"

    @property
    def is_staff(self) -> bool:
        return isinstance(self.person, cast.Colleague)


ROLES = (
    Role("resident", "居民", cast.WANG, "看今晚的课，用积分兑换名额"),
    Role("elder", "居民（长辈版）", cast.ELDER, "大字、大按钮，首页四个入口", size="elder"),
    Role("neighbour", "永安社区居民", cast.NEIGHBOUR, "报其他社区的课"),
    Role("pending", "待社区确认的居民", cast.PENDING, "可以浏览，还不能报名"),
    Role("parent", "带孩子的家长", cast.PARENT, "替9岁的孩子报名亲子活动，看孩子的记录"),
    Role("helper", "亲友代办人", cast.DAUGHTER, "用自己的手机，替刘桂珍看积分、报名"),
    Role("merchant", "商户（康乐家政服务部店主）", cast.KANGLE, "看协议和承诺，核销服务券，对结算单"),
    Role("care-parent", "托管家长（文源社区）", cast.CARE_PARENT, "看托管账单，用积分抵扣；登记接送人、请假"),
    Role("care-teacher", "托管老师", cast.TEACHER, "点名、核对接送人、放学交接"),
    Role("care-lead", "托管中心负责人", cast.CARE_LEAD, "看全中心的孩子，排班，登记缴费"),
    Role("wenyuan-head", "文源社区主任", cast.WENYUAN_HEAD, "核对托管报名，复核优待依据，管托管中心"),
    Role("wenxing", "文兴社区工作者", cast.WORKER, "记录服务、管理夜校报名"),
    Role("wenxing-head", "文兴社区主任", cast.HEAD, "确认同事记录的服务、确认居民"),
    Role("yongan", "永安社区工作者", cast.YONGAN_WORKER, "只看得到永安社区"),
    Role("courier", "快递小哥（华林社区）", cast.COURIER, "看岗位、满月履职，兑小哥礼品"),
    Role("hualin", "华林社区工作者", cast.HUALIN_WORKER, "清远街道的小哥、岗位和礼品"),
    Role("street", "街道管理员", cast.ADMIN, "看全街道，修改设置"),
    Role("finance", "街道财务", cast.FINANCE, "只看对账和预算，看不到居民资料"),
    Role("supervisor", "文兴社区监督员", cast.SUPERVISOR, "看合计和遮住姓名的明细，不办业务"),
    Role("auditor", "街道审计员", cast.AUDITOR, "看谁改了什么、谁看过什么"),
    Role("system", "系统管理员", cast.SYSTEM_ADMIN, "管账号和职责，看不到业务数据"),
)
BY_CODE = {role.code: role for role in ROLES}
