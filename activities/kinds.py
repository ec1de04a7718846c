"""类别: what an activity can be, with a template to begin from, the points rule that prices it, and whether it is volunteering.

The first list of service categories: domain guide, 3.1. A meeting, lecture or salon is no volunteer service and never gives
hours (民政部令第67号, 19).
"""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class Template:
    """What the form of a new activity is filled with; everything can be changed there."""

    rule: str
    volunteering: bool
    content: str
    risk: str
    place: str = "居委会门口"
    begins: time = time(9)
    minutes: int = 120
    capacity: int = 20
    min_age: int = 14
    equipment: str = ""
    dangerous: bool = False


TEMPLATES = {
    "ENV": Template(
        "ENV", True, "清理楼道杂物、小广告和绿地垃圾",
        "搬重物请两人一起，注意台阶，戴好手套", equipment="手套、夹子、垃圾袋由社区准备",
    ),
    "CIV": Template(
        "CIV", True, "劝导非机动车有序停放、文明出行",
        "站在人行道内，遇争执不纠缠，及时联系社区", place="小区东门", equipment="红马甲由社区准备",
    ),
    "PAT": Template(
        "PAT", True, "结伴巡查楼院，提醒消防通道堵塞和飞线充电",
        "结伴而行，不单独处置，夜间穿反光背心", place="警务室门口", begins=time(19), min_age=18,
    ),
    "ELD": Template(
        "ELD", True, "看望独居老人，陪聊、代买、代办",
        "两人同行，不代管钱物，老人不适先拨120", place="日间照料站", begins=time(15), capacity=6,
    ),
    "KID": Template(
        "KID", True, "协助托管中心照看孩子、整理图书",
        "须经背景核查，不单独与孩子相处", place="托管中心", begins=time(16, 30), minutes=90, capacity=4, min_age=18,
    ),
    "PRO": Template(
        "PRO", True, "义诊、法律咨询、小家电维修、授课等专业服务",
        "按专业规范操作，用电注意安全", place="居民活动室", capacity=6, min_age=18,
    ),
    "EMG": Template(
        "EMG", True, "暴雨、扫雪等应急服务",
        "听从现场指挥，体力不支马上停下", capacity=30, min_age=18, equipment="铁锹、雨衣由社区准备", dangerous=True,
    ),
    "SORT": Template(
        "SORT", True, "垃圾投放点值守，指导分类投放",
        "戴手套，尖锐物品用夹子，不直接用手翻捡", place="垃圾分类亭", begins=time(7), minutes=60, capacity=4,
    ),
    "SUPPORT": Template("CIV", True, "社区活动布置、引导和秩序维护", "注意用电和台阶，人多时疏导不推挤", place="居民活动室"),
    "MEET": Template(
        "MEET", False, "居民商议小区的事", "人多时有序进出", place="居民议事厅", begins=time(19), minutes=90, capacity=40, min_age=18,
    ),
    "LECT": Template(
        "LECT", False, "请校外专家来讲", "人多时有序进出", place="居民活动室", begins=time(19), minutes=90, capacity=60,
    ),
    "SALON": Template(
        "LECT", False, "创业分享、对接岗位和项目", "人多时有序进出", place="共享会议室", begins=time(14), minutes=120, min_age=18,
    ),
    "FLASH": Template(
        "LECT", False, "在公共场地快闪表演，宣传社区活动", "提前看好场地，注意地面湿滑", place="小区广场", minutes=60, capacity=40,
    ),
}  # fmt: skip
