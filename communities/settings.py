"""Every [D] value of the domain guide: declared once with its default, changed by staff from a chosen day on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import QuerySet

from communities import changes
from communities.models import Duty, Setting, SubDistrict, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb


@dataclass(frozen=True)
class Value:
    """A declared setting; whole numbers between `low` and `high`. What finance keeps, nobody else sees."""

    key: str
    label: str
    default: int
    low: int
    high: int
    unit: str
    kept_by: Duty.Role = Duty.Role.STREET_ADMIN


class NotYourSetting(Refused):
    code = "not_your_setting"
    message = "设置由街道管理员修改，积分预算由街道财务修改，这次没有改动。"
    status = 403


class NeverBackwards(Refused):
    code = "never_backwards"
    message = "新的设置只能从明天或以后生效，这次没有改动。请改选生效日期。"


CANCEL_HOURS = Value("night.cancel_full_refund_h", "夜校：开课前多少小时可退课并全额退回", 24, 0, 168, "小时")
MIN_AGE = Value("night.min_age", "夜校：最低年龄", 18, 14, 60, "岁")
REMIND_HOURS = Value("night.remind_h", "夜校：上课前多少小时提醒", 24, 1, 72, "小时")
REMIND_FIRST_HOURS = Value("night.remind_first_h", "夜校：第一课提前多少小时提醒", 48, 1, 120, "小时")
HELD_PERCENT = Value("night.reserved_offline_percent", "夜校：为电话和窗口预留百分之几的名额", 15, 0, 100, "%")
HELD_HOURS = Value("night.reserved_release_h", "夜校：预留名额保留到报名开始后多少小时", 24, 1, 168, "小时")
HEAD_START_HOURS = Value("night.own_community_h", "夜校：本社区优先的时段", 24, 1, 168, "小时")
ONE_EACH_HOURS = Value("night.first_hours_limit_h", "夜校：每人限报一门的时段", 48, 1, 168, "小时")
LEAST_PERCENT = Value("night.min_open_percent", "夜校：报到名额的百分之几才开班", 60, 0, 100, "%")
LINE_PERCENT = Value("night.waitlist_percent", "夜校：候补人数最多为名额的百分之几", 50, 0, 500, "%")
OFFER_HOURS = Value("night.offer_h", "夜校：候补轮到后多少小时内确认", 24, 1, 72, "小时")
OFFER_NEAR_HOURS = Value("night.offer_near_h", "夜校：临近开课时候补多少小时内确认", 2, 1, 12, "小时")
LINE_LESSONS = Value("night.late_joining_lessons", "夜校：第几课结束前候补还能补上", 3, 1, 12, "课")
APPROVE_DAYS = Value("night.approve_working_days", "夜校：申请截止后几个工作日内审核完", 2, 1, 10, "个工作日")
LEAVE_HOURS = Value("night.leave_h", "夜校：课前多少小时可以请假", 2, 0, 48, "小时")
SIGN_IN_EARLY = Value("night.sign_in_early_min", "夜校：上课前多少分钟起可以签到", 30, 5, 120, "分钟")
LATE_MINUTES = Value("night.late_min", "夜校：开课多少分钟后算迟到", 15, 1, 60, "分钟")
SIGN_IN_CLOSES = Value("night.sign_in_closes_min", "夜校：开课多少分钟后不能签到", 30, 5, 120, "分钟")
FREED_FIRST = Value("night.absence_first_lessons", "夜校：开头几课里缺课要让出名额", 3, 1, 12, "课")
FREED_ABSENCES = Value("night.absence_release", "夜校：开头几课里无故缺几课让出名额", 2, 1, 12, "课")
TERM_ABSENCES = Value("night.absence_limit", "夜校：一期里无故缺几课暂停优先报名", 3, 1, 60, "课")
PRIORITY_DAYS = Value("night.block_days", "夜校：暂停优先报名多少天", 90, 1, 366, "天")
MERGED_DAYS = Value("night.merged_free_days", "夜校：并班转入后多少天内可自行退课并全额退回", 7, 1, 30, "天")
COMPLETE_PERCENT = Value("night.completion_percent", "夜校：到课百分之几可以结业", 75, 1, 100, "%")
ROOM_GAP = Value("room.gap_min", "活动室：两次使用之间留多少分钟整理", 15, 0, 120, "分钟")
ROOM_OPENS = Value("room.opens_min", "活动室：默认几点开门（零点后的分钟数）", 510, 0, 1439, "分钟")
ROOM_CLOSES = Value("room.closes_min", "活动室：默认几点关门（零点后的分钟数）", 1260, 1, 1439, "分钟")
ROOM_SLOT = Value("room.slot_min", "活动室：预订按多少分钟一格", 30, 15, 120, "分钟")
ROOM_FIRST_DAYS = Value("room.book_from_days", "活动室：最迟提前几天预订", 1, 0, 30, "天")
ROOM_LAST_DAYS = Value("room.ahead_days", "活动室：最早提前几天预订", 14, 1, 366, "天")
ROOM_HOURS_MOST = Value("room.max_h", "活动室：一次最多几小时", 4, 1, 12, "小时")
ROOM_MONTH_MOST = Value("room.month", "活动室：每人每月最多几次", 4, 1, 60, "次")
ROOM_CANCEL_HOURS = Value("room.cancel_h", "活动室：使用前多少小时可以取消", 24, 0, 168, "小时")
ROOM_RECONFIRM_HOURS = Value("room.reconfirm_h", "活动室：使用前多少小时请预订人再确认", 48, 4, 168, "小时")
ROOM_RELEASE_HOURS = Value("room.release_h", "活动室：使用前多少小时还没确认就释放", 24, 1, 96, "小时")
ROOM_NO_SHOWS = Value("room.no_shows", "活动室：90天内未到几次暂停预订", 3, 1, 20, "次")
ROOM_NO_SHOW_DAYS = Value("room.no_show_within_days", "活动室：未到按多少天内计算", 90, 7, 366, "天")
ROOM_BAR_DAYS = Value("room.bar_days", "活动室：暂停预订多少天", 30, 1, 366, "天")
ROOM_DISPLACE_HOURS = Value("room.displace_h", "活动室：社区会议至少提前多少小时才能调整别人的预订", 24, 2, 168, "小时")
CAP_DAY = Value("points.cap_day", "积分：计时服务每人每日封顶", 80, 1, 1000, "积分")
CAP_MONTH = Value("points.cap_month", "积分：计时服务每人每月封顶", 400, 1, 10000, "积分")
CAP_UNTIMED_MONTH = Value("points.cap_untimed_month", "积分：不计时项目每人每月封顶", 60, 1, 10000, "积分")
EXPIRY_YEARS = Value("points.expiry_years", "积分：用到获得之后第几年的12月31日", 1, 0, 5, "年")
EXPIRY_REMIND_DAYS = (
    Value("points.remind_days_first", "积分：到期前第一次提醒", 60, 8, 180, "天"),
    Value("points.remind_days_second", "积分：到期前第二次提醒", 30, 2, 90, "天"),
    Value("points.remind_days_last", "积分：到期前最后一次提醒", 7, 1, 30, "天"),
)
BUDGET_RATE = Value(
    "points.budget_rate_fen", "积分：每个积分的预算（仅财务可见）", 20, 0, 10000, "分钱", Duty.Role.FINANCE
)
BUDGET_YEAR = Value(
    "points.budget_year_yuan", "积分：全街道年度预算（仅财务可见）", 0, 0, 100_000_000, "元", Duty.Role.FINANCE
)
REVERSAL_GRACE_DAYS = Value("points.reversal_grace_days", "积分：退回已过期积分的宽限", 30, 0, 366, "天")
AGREEMENT_DAYS = Value("partner.remind_days", "合伙人：协议到期前多少天提醒", 60, 7, 180, "天")
AGREEMENT_MONTHS = Value("partner.agreement_months", "合伙人：协议期限默认几个月", 12, 1, 36, "个月")
AGREEMENT_NOTICE_DAYS = Value("partner.end_notice_days", "合伙人：提前多少天书面通知可以终止协议", 30, 0, 180, "天")
CALL_DAYS = Value("partner.call_days", "合伙人：招募公告至少多少天", 7, 7, 60, "天")
CALL_REVIEWERS = Value("partner.reviewers", "合伙人：评审至少几人", 3, 3, 15, "人")
LICENCE_DAYS = (
    Value("partner.licence_days_first", "合伙人：证照到期前第一次提醒", 60, 8, 180, "天"),
    Value("partner.licence_days_second", "合伙人：证照到期前第二次提醒", 30, 2, 90, "天"),
    Value("partner.licence_days_last", "合伙人：证照到期前最后一次提醒", 7, 1, 30, "天"),
)
DELIVERY_WITNESSES = Value("partner.delivery_witnesses", "合伙人：几位居民确认后履约记录生效", 2, 1, 20, "人")
COMPLAINT_ACCEPT_DAYS = Value("partner.complaint_accept_wd", "合伙人：投诉几个工作日内受理", 1, 1, 10, "个工作日")
COMPLAINT_ANSWER_DAYS = Value("partner.complaint_answer_wd", "合伙人：投诉几个工作日内答复", 5, 1, 30, "个工作日")
COMPLAINT_REOPEN_DAYS = Value(
    "partner.complaint_reopen_wd", "合伙人：答复后几个工作日内可以再提一次", 10, 1, 30, "个工作日"
)
LEAVING_ANSWER_DAYS = Value(
    "partner.leaving_answer_wd", "合伙人：退出告知后几个工作日内可以申辩", 10, 1, 30, "个工作日"
)
LEAVING_VOUCHER_DAYS = Value("partner.leaving_voucher_days", "合伙人：退出后已发的券继续可用多少天", 30, 0, 90, "天")
SHOP_VISITS = Value("partner.shop_visits", "合伙人：门前五包走访（1开，0关）", 0, 0, 1, "")
EVALUATIONS = Value("partner.evaluations", "合伙人：季度考核（1开，0关）", 0, 0, 1, "")
RATINGS_LEAST = Value("partner.ratings_least", "合伙人：满多少条评价才显示满意度", 5, 1, 100, "条")
VOUCHER_DAYS = Value("voucher.valid_days", "服务券：默认有效多少天", 30, 1, 365, "天")
VOUCHER_REMIND_DAYS = (
    Value("voucher.remind_days_first", "服务券：到期前第一次提醒", 7, 2, 60, "天"),
    Value("voucher.remind_days_last", "服务券：到期前最后一次提醒", 1, 1, 30, "天"),
)
VOUCHER_UNDO_MINUTES = Value("voucher.undo_min", "服务券：商家几分钟内可以撤销核销", 10, 1, 120, "分钟")
VOUCHER_UNDO_DAYS = Value("voucher.undo_days", "服务券：工作人员几天内可以撤销核销", 7, 1, 60, "天")
VOUCHER_REFUND_FAULT = Value("voucher.refund_fault", "服务券：合伙人原因过期的退回积分（1是，0否）", 1, 0, 1, "")
VOUCHER_REFUND_OWN = Value("voucher.refund_own", "服务券：居民自己没用而过期的退回积分（1是，0否）", 0, 0, 1, "")
APPOINTMENT_HOURS = Value("voucher.appointment_h", "服务券：预约后商家几小时内答复，过时退回积分", 24, 1, 96, "小时")
VOUCHER_BURST = Value("voucher.burst", "服务券：一个商家10分钟内核销多少张时提示", 10, 2, 1000, "张")
VOUCHER_FAST_SECONDS = Value("voucher.fast_seconds", "服务券：兑换后多少秒内就核销时提示", 30, 1, 600, "秒")
SETTLING_AGREE_DAY = Value("settling.agree_day", "结算：合伙人每月几日前确认", 10, 2, 28, "日")
STOCK_EXPIRY_DAYS = Value("stock.expiry_days", "物资：保质期到前多少天提示", 60, 7, 365, "天")
CARE_CLASS_MOST = Value("care.class_max", "托管：每班最多几个孩子", 40, 5, 60, "人")
CARE_RATIO = Value("care.ratio", "托管：一位老师最多照看几个孩子", 15, 5, 30, "人")
CARE_ADULTS = Value("care.min_adults", "托管：任何时候至少几位老师在场", 2, 2, 10, "位")
CARE_AREA = Value("care.m2_per_child", "托管：每个孩子至少几平方米", 4, 2, 10, "平方米")
CARE_AHEAD_MONTHS = Value("care.prepay_max_months", "托管：最多提前几个月出账单", 3, 1, 3, "个月")
CARE_LATE_MOST = Value("care.late_pickup_limit", "托管：晚接几次可以取消托位", 3, 1, 20, "次")
CARE_CALL_MINUTES = Value("care.call_min", "托管：未到班或未接走多少分钟后开始打电话", 15, 5, 60, "分钟")
CARE_HOLD_MINUTES = Value("care.hold_min", "托管：家长说在路上后，等多少分钟再接着打电话", 20, 5, 60, "分钟")
CARE_CHECK_MONTHS = Value("care.staff_check_months", "托管：员工违法犯罪记录几个月查一次", 12, 1, 12, "个月")
CARE_OFFER_HOURS = Value("care.offer_h", "托管：候补轮到后多少小时内确认", 48, 2, 168, "小时")
CARE_ALONE_GRADE = Value("care.alone_grade", "托管：几年级起可以（经同意）自行离开", 4, 4, 9, "年级")
CARE_PICKUP_DAYS = Value("care.pickup_days", "托管：接送授权默认有效多少天", 180, 1, 366, "天")
CARE_RECHECK_MONTHS = Value("care.subsidy_recheck_months", "托管：优待依据几个月复核一次", 12, 1, 24, "个月")
CARE_RECHECK_UNSTABLE = Value("care.subsidy_recheck_unstable", "托管：收入不稳定的家庭几个月复核一次", 6, 1, 12, "个月")
CARE_RECHECK_DAYS = (
    Value("care.recheck_days_first", "托管：优待依据到期前第一次提醒", 30, 8, 90, "天"),
    Value("care.recheck_days_last", "托管：优待依据到期前最后一次提醒", 7, 1, 30, "天"),
)
CARE_STAFF_DAYS = (
    Value("care.staff_days_first", "托管：员工记录查询到期前第一次提醒", 30, 8, 90, "天"),
    Value("care.staff_days_last", "托管：员工记录查询到期前最后一次提醒", 7, 1, 30, "天"),
)
CARE_BILL_DAY = Value("care.bill_day", "托管：每月几日出下月账单并提醒", 25, 1, 28, "日")
CARE_FREEZE_DAY = Value("care.freeze_day", "托管：账单在当月几日确认，之后不能改积分抵扣", 5, 1, 28, "日")
CARE_DECIDE_DAYS = Value("care.decide_days", "托管：报名提交多少天没有核对就退回，并删除填写的内容", 30, 21, 90, "天")
CARE_POINT_CENTS = Value("care.point_fen", "托管：1积分抵扣多少分钱", 20, 1, 1000, "分钱")
CARE_OFFSET_PERCENT = Value("care.offset_percent", "托管：积分最多抵扣账单的百分之几", 30, 0, 100, "%")
CARE_RELIEF_TIMES = Value("care.relief_times", "托管：优待家庭每用1积分另补贴几积分", 1, 0, 4, "积分")
MINORS_AUDIT_DAY = Value("minors.audit_due", "未成年人信息审计：每年1月几日前报送", 31, 5, 31, "日")
CARE_REDUCTIONS = {
    kind: Value(f"care.reduction_{kind}", f"托管减免：{label}", percent, 0, 100, "%")
    for kind, label, percent in (
        ("destitute", "特困、孤儿、事实无人抚养", 100), ("subsistence", "低保", 80), ("disabled_severe", "残疾（一级、二级）", 60),
        ("disabled", "其他残疾", 40), ("left_behind", "留守", 50), ("near_poor", "低保边缘", 40), ("veteran", "困难退役军人、烈属", 0),
        ("courier", "新就业群体", 0),
    )
}  # fmt: skip
APPEAL_FILE_DAYS = Value("appeal.file_working_days", "申诉：决定后多少个工作日内可以提出", 10, 5, 60, "个工作日")
APPEAL_ANSWER_DAYS = Value("appeal.answer_working_days", "申诉：提出后多少个工作日内答复", 5, 1, 30, "个工作日")
NOTICE_DAYS = Value("notice.working_days", "公示：公示多少个工作日", 5, 1, 30, "个工作日")
NOTICE_PEOPLE = Value("notice.min_people", "公示：名单满多少人才列出（隐去部分字的）姓名", 10, 10, 200, "人")
NOTICE_ANSWER_DAYS = Value("notice.answer_working_days", "公示：异议提出后多少个工作日内答复", 5, 1, 30, "个工作日")
IDLE_MINUTES = Value("auth.idle_min", "登录：工作人员多少分钟不操作自动退出", 30, 5, 120, "分钟")
COUNTER_IDLE_MINUTES = Value("auth.counter_idle_min", "登录：窗口电脑多少分钟不操作自动退出", 5, 2, 30, "分钟")
SECOND_FACTOR = Value("auth.second_factor", "登录：主任、财务、管理员、审计员必须两步验证（1是，0否）", 1, 0, 1, "")
PASSWORD_DAYS = Value("auth.pwd_days", "登录：密码多少天要换（0不用换；开了两步验证的不用换）", 90, 0, 366, "天")
DAY_MOST = Value("volunteer.day_max", "志愿服务：每人每天最多计几小时", 8, 1, 24, "小时")
SESSION_WARN = Value("volunteer.session_warn", "志愿服务：一次满几小时须核实", 4, 1, 24, "小时")
RECORD_DAYS = Value(
    "volunteer.record_deadline_working_days", "志愿服务：活动后几个工作日内完成记录", 10, 3, 10, "个工作日"
)
RECORD_WARN_DAYS = Value(
    "volunteer.record_warn_working_days", "志愿服务：活动后第几个工作日提醒记录", 7, 1, 9, "个工作日"
)
ACTIVITY_REMIND_HOURS = (
    Value("volunteer.remind_first_h", "志愿服务：活动前第一次提醒", 24, 3, 72, "小时"),
    Value("volunteer.remind_last_h", "志愿服务：活动前第二次提醒", 2, 1, 12, "小时"),
)
CHECK_IN_EARLY = Value("volunteer.check_in_early_min", "志愿服务：活动开始前多少分钟起可以签到", 30, 5, 120, "分钟")
CHECK_OUT_GRACE = Value("volunteer.check_out_grace_min", "志愿服务：活动结束后多少分钟内可以签退", 30, 5, 120, "分钟")
BURST_PEOPLE = Value("volunteer.burst_people", "志愿服务：一人一天录入超过多少人次时提醒主任", 60, 10, 1000, "人次")
SAMPLE_PERCENT = Value("volunteer.sample_percent", "志愿服务：每月抽查百分之几的记录", 5, 1, 100, "%")
STARS = tuple(
    Value(f"volunteer.star_{level}_h", f"志愿者星级：{'一二三四五'[level - 1]}星累计多少小时", hours, 1, 10000, "小时")
    for level, hours in enumerate((100, 300, 600, 1000, 1500), 1)
)
COURIER_STARS = tuple(
    Value(
        f"courier.star_{level}_points",
        f"小哥年度星级：{'一二三四五'[level - 1]}星当年多少积分",
        points,
        1,
        10000,
        "积分",
    )
    for level, points in enumerate((50, 150, 300, 600, 1000), 1)
)
STAR_BAR_YEARS = Value("volunteer.star_bar_years", "志愿者星级：弄虚作假的几年内不授予", 1, 1, 3, "年")
CERTIFICATE_MONTHS = Value("volunteer.certificate_months", "志愿服务证明：有效几个月", 12, 1, 60, "个月")
DEED_ANSWER_HOURS = Value("deed.answer_office_hours", "随手拍：上班时间几小时内答复", 2, 1, 40, "小时")
DEED_CLOSE_DAYS = Value("deed.close_working_days", "随手拍：几个工作日内办结", 3, 1, 30, "个工作日")
DEEDS_A_DAY = Value("deed.most_a_day", "随手拍、小善举：每人每天最多提交", 5, 1, 50, "条")
DEED_PHOTO_DAYS = Value("deed.photo_days", "随手拍：办结后照片保存多少天", 90, 7, 1095, "天")
POST_REMIND_DAYS = (
    Value("post.remind_days_first", "岗位：任期到前第一次提醒", 30, 8, 60, "天"),
    Value("post.remind_days_last", "岗位：任期到前最后一次提醒", 7, 1, 30, "天"),
)
GIFTS_A_MONTH = Value("gift.month_items", "礼品：每人每月最多兑换", 2, 1, 31, "件")
GIFT_QUARTER_POINTS = Value("gift.quarter_points", "礼品：每人每季度最多兑换", 600, 1, 100000, "积分")
GIFT_PICKUP_DAYS = Value("gift.pickup_days", "礼品：兑换后多少天内领取，过期退回积分", 15, 1, 90, "天")
SMS_PRICE = Value("message.sms_price_li", "消息：短信单价（千分之一元）", 45, 0, 1000, "厘")
RIGHTS_ANSWER_DAYS = Value("privacy.rights_answer_wd", "个人信息：提出申请后多少个工作日内答复", 15, 1, 30, "个工作日")

DECLARED = {
    value.key: value
    for value in (
        CANCEL_HOURS, MIN_AGE, REMIND_HOURS, REMIND_FIRST_HOURS,
        CAP_DAY, CAP_MONTH, CAP_UNTIMED_MONTH, EXPIRY_YEARS, *EXPIRY_REMIND_DAYS, BUDGET_RATE, BUDGET_YEAR,
        REVERSAL_GRACE_DAYS, AGREEMENT_DAYS, AGREEMENT_MONTHS, AGREEMENT_NOTICE_DAYS, CALL_DAYS, CALL_REVIEWERS, *LICENCE_DAYS,
        DELIVERY_WITNESSES, COMPLAINT_ACCEPT_DAYS, COMPLAINT_ANSWER_DAYS, COMPLAINT_REOPEN_DAYS, LEAVING_ANSWER_DAYS,
        LEAVING_VOUCHER_DAYS, SHOP_VISITS, EVALUATIONS, RATINGS_LEAST,
        VOUCHER_DAYS, *VOUCHER_REMIND_DAYS, VOUCHER_UNDO_MINUTES, VOUCHER_UNDO_DAYS, VOUCHER_REFUND_FAULT, VOUCHER_REFUND_OWN,
        APPOINTMENT_HOURS, VOUCHER_BURST, VOUCHER_FAST_SECONDS, SETTLING_AGREE_DAY, STOCK_EXPIRY_DAYS,
        MINORS_AUDIT_DAY, CARE_CLASS_MOST, CARE_RATIO, CARE_ADULTS, CARE_AREA, CARE_AHEAD_MONTHS, CARE_LATE_MOST, CARE_CALL_MINUTES, CARE_HOLD_MINUTES,
        CARE_CHECK_MONTHS, CARE_OFFER_HOURS, CARE_ALONE_GRADE, CARE_PICKUP_DAYS, CARE_RECHECK_MONTHS, CARE_RECHECK_UNSTABLE,
        *CARE_RECHECK_DAYS, *CARE_STAFF_DAYS, CARE_BILL_DAY, CARE_FREEZE_DAY, CARE_POINT_CENTS, CARE_OFFSET_PERCENT,
        CARE_RELIEF_TIMES, CARE_DECIDE_DAYS, *CARE_REDUCTIONS.values(),
        APPEAL_FILE_DAYS, APPEAL_ANSWER_DAYS,
        RIGHTS_ANSWER_DAYS,
        SMS_PRICE,
        DAY_MOST, SESSION_WARN, RECORD_DAYS, RECORD_WARN_DAYS, *ACTIVITY_REMIND_HOURS, CHECK_IN_EARLY, CHECK_OUT_GRACE,
        BURST_PEOPLE,
        SAMPLE_PERCENT, *STARS, STAR_BAR_YEARS, CERTIFICATE_MONTHS, *COURIER_STARS,
        *POST_REMIND_DAYS, GIFTS_A_MONTH, GIFT_QUARTER_POINTS, GIFT_PICKUP_DAYS,
        DEED_ANSWER_HOURS, DEED_CLOSE_DAYS, DEEDS_A_DAY, DEED_PHOTO_DAYS,
        HELD_PERCENT, HELD_HOURS, HEAD_START_HOURS, ONE_EACH_HOURS, LEAST_PERCENT,
        APPROVE_DAYS, LINE_PERCENT, OFFER_HOURS, OFFER_NEAR_HOURS, LINE_LESSONS,
        LEAVE_HOURS, SIGN_IN_EARLY, LATE_MINUTES, SIGN_IN_CLOSES,
        FREED_FIRST, FREED_ABSENCES, TERM_ABSENCES, PRIORITY_DAYS, MERGED_DAYS, COMPLETE_PERCENT,
        ROOM_OPENS, ROOM_CLOSES, ROOM_GAP, ROOM_SLOT, ROOM_FIRST_DAYS, ROOM_LAST_DAYS, ROOM_HOURS_MOST, ROOM_MONTH_MOST, ROOM_CANCEL_HOURS,
        ROOM_RECONFIRM_HOURS, ROOM_RELEASE_HOURS, ROOM_NO_SHOWS, ROOM_NO_SHOW_DAYS, ROOM_BAR_DAYS, ROOM_DISPLACE_HOURS,
        NOTICE_DAYS, NOTICE_PEOPLE, NOTICE_ANSWER_DAYS,
        IDLE_MINUTES, COUNTER_IDLE_MINUTES, SECOND_FACTOR, PASSWORD_DAYS,
    )
}  # fmt: skip


def value_of(declared: Value, sub_district_id: int, *, on: date | None = None) -> int:
    """The value in force in the sub-district on `on` (today)."""
    return values_of([declared], sub_district_id, on=on)[declared]


def values_of(
    declared: Iterable[Value], sub_district_id: int | QuerySet[Any, Any] | None, *, on: date | None = None
) -> dict[Value, int]:
    """Several values in force in the sub-district on `on` (today), in one query; of none: the defaults. A sentence that finds one
    number (`[:1]`) is asked within the same query."""
    wanted, street = list(declared), cast(int, sub_district_id)
    versions = Setting.objects.filter(
        sub_district=street, key__in=[value.key for value in wanted], starts_on__lte=on or clock.today()
    )
    newest = dict(versions.order_by("key", "-starts_on").distinct("key").values_list("key", "value"))
    return {value: int(newest.get(value.key, value.default)) for value in wanted}


def over_time(declared: Value, sub_district_id: int) -> Callable[[date], int]:
    """Which value was in force on which day, in one query: a rule holds for what was decided under it."""
    mine = Setting.objects.filter(sub_district=sub_district_id, key=declared.key).order_by("-starts_on")
    versions = list(mine.values_list("starts_on", "value"))
    return lambda day: next((int(value) for starts_on, value in versions if starts_on <= day), declared.default)


def overview(sub_district: SubDistrict, shown: Iterable[Duty.Role]) -> list[dict[str, Any]]:
    """Each setting kept by one of the roles `shown`, with its value today and the next change, for the desk."""
    versions = (
        Setting.objects.filter(sub_district=sub_district).order_by("starts_on").values("key", "value", "starts_on")
    )
    today = clock.today()
    rows = []
    for declared in (one for one in DECLARED.values() if one.kept_by in shown):
        mine = [v for v in versions if v["key"] == declared.key]
        now = [v["value"] for v in mine if v["starts_on"] <= today]
        coming = [v for v in mine if v["starts_on"] > today]
        rows.append({"declared": declared, "value": now[-1] if now else declared.default, "coming": coming[:1]})
    return rows


@verb()
def change(*, key: str, value: int, starts_on: date, sub_district: SubDistrict, by: User) -> Setting:
    """Write a version that starts on a day to come. Refuses a stranger, an unknown key, a value out of range, the past."""
    changes.by(by)
    declared = DECLARED.get(key)
    keeper = declared.kept_by if declared else Duty.Role.STREET_ADMIN
    if not by.duties.current().filter(role=keeper, sub_district=sub_district).exists():
        raise NotYourSetting
    if declared is None or not declared.low <= value <= declared.high:
        raise BadInput
    if starts_on <= clock.today():
        raise NeverBackwards
    row, _ = Setting.objects.update_or_create(
        sub_district=sub_district, key=key, starts_on=starts_on, defaults={"value": value, "by": by, "at": clock.now()}
    )
    return row
