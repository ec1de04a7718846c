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
    audience: str = ""


ARRANGING = Subject(
    "花艺插花",
    FLOWERS,
    "陈老师（公益教授）",
    "从认识花材到一瓶一花，每课带走一件自己的作品。",
    "剪刀、毛巾",
    "使用剪刀请注意安全",
    "喜欢花草的居民，坐着上课",
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
WRITING = Subject(
    "书法入门",
    Course.Category.ARTS,
    "郭老师（社区书法协会）",
    "从执笔、基本笔画到写好一副春联，每人一张桌子。",
    "毛笔、字帖",
)
PHONES = Subject(
    "智能手机随身学",
    Course.Category.DIGITAL,
    "青年志愿者讲师",
    "挂号、缴费、打车、防骗，一人一部手机手把手教。",
    "自己的手机、充电线",
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
    mode: Course.Mode = Course.Mode.FIRST  # of another mode `seated` people apply, and `left` seats are given later


# Tonight's course has its third lesson tonight; the heroine sits in it, and in the one that is over.
OVER = Offer(ARRANGING, "第1期", -70, -77, 12, 6, 60, heroine=True)
TONIGHT = Offer(ARRANGING, "第2期", -14, -24, 16, 4, 50, heroine=True)
CLOSED = Offer(POSTURE, "第1期", 1, -10, 12, 8, 50, rooms=("舞蹈厅", "书画室"), closes=-1)
FULL = Offer(BEAUTY, "第1期", 5, -6, 16, 0, 40)  # somebody gave a seat back this morning: demo/evenings.py
DRAWN, APPROVED = Course.Mode.DRAW, Course.Mode.APPROVAL
COMING = (
    FULL,
    Offer(POSTURE, "第2期", 3, -5, 18, 2, 60, rooms=("舞蹈厅", "书画室")),
    Offer(REPAIR, "第1期", 6, -4, 8, 12, 20, place=YONGAN, rooms=("邻里课堂",), lessons=4, partner="博世邻里之家"),
    Offer(BEAUTY, "第2期", 9, -2, 7, 18, 40),
    Offer(ARRANGING, "第3期", 17, 3, 0, 25, 50),
    Offer(WRITING, "第1期", 12, -3, 14, 10, 30, rooms=("书画室", "舞蹈厅"), closes=4, mode=DRAWN),
    Offer(PHONES, "第1期", 11, -2, 6, 8, 0, rooms=("舞蹈厅", "书画室"), closes=5, lessons=4, mode=APPROVED),
)
