"""What the night school offers: subjects, and courses in every state that a course can be in."""

from dataclasses import dataclass

from demo.places import WENXING, YONGAN, Place
from nightschool.models import Course

LESSONS = 8
FLOWERS, BODY, SKILLS = Course.Category.FLOWERS, Course.Category.BODY, Course.Category.SKILLS


@dataclass(frozen=True)
class Subject:
    """What is taught, whoever comes."""

    title: str
    category: Course.Category
    teacher: str
    summary: str
    bring: str
    safety: str = ""


ARRANGING = Subject(
    "花艺插花",
    FLOWERS,
    "陈老师（公益教授）",
    "从认识花材到一瓶一花，每课带走一件自己的作品。",
    "剪刀、毛巾",
    "使用剪刀请注意安全",
)
POSTURE = Subject(
    "形体塑形",
    BODY,
    "李老师（公益教授）",
    "站姿、肩颈和核心练习，动作可简可难。",
    "运动鞋、水杯",
    "量力而行，不适时停下来告诉老师",
)
BEAUTY = Subject("花艺美学", FLOWERS, "周老师（公益教授）", "色彩、器型与家居花艺，学会布置一张餐桌。", "剪刀、笔记本")
REPAIR = Subject(
    "小家电检修",
    SKILLS,
    "博世邻里之家师傅",
    "电水壶、电饭煲、插线板的日常检查与保养。",
    "可带一件待修小家电",
    "带电操作只由师傅示范",
)
OPEN_EVENING = Subject("花艺公开课", FLOWERS, "陈老师（公益教授）", "一晚一课，做一个应季的小花束带回家。", "剪刀")


@dataclass(frozen=True)
class Offer:
    """One course. Days count from today; `left` seats stay free beside up to `seated` people."""

    subject: Subject
    term: str
    begins: int
    opens: int
    seated: int
    left: int
    price: int
    place: Place = WENXING
    rooms: tuple[str, ...] = ("花艺教室", "书画室", "舞蹈厅")
    closes: int | None = None
    lessons: int = LESSONS
    heroine: bool = False
    partner: str = ""


# Tonight's course has its third lesson tonight; the heroine sits in it, and in the one that is over.
OVER = Offer(ARRANGING, "第1期", -70, -77, 12, 6, 60, heroine=True)
TONIGHT = Offer(ARRANGING, "第2期", -14, -24, 16, 4, 50, heroine=True)
CLOSED = Offer(POSTURE, "第1期", 1, -10, 12, 8, 50, rooms=("舞蹈厅", "书画室"), closes=-1)
COMING = (
    Offer(BEAUTY, "第1期", 5, -6, 16, 0, 40),
    Offer(POSTURE, "第2期", 3, -5, 18, 2, 60, rooms=("舞蹈厅", "书画室")),
    Offer(REPAIR, "第1期", 6, -4, 8, 12, 20, place=YONGAN, rooms=("邻里课堂",), lessons=4, partner="博世邻里之家"),
    Offer(BEAUTY, "第2期", 9, -2, 7, 18, 40),
    Offer(ARRANGING, "第3期", 17, 3, 0, 25, 50),
)
