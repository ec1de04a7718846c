"""Invented people: names as they are heard in Datong, by age."""

from datetime import date, timedelta
from random import Random

SURNAMES = (
    "王王王李李李张张张刘刘陈杨赵赵黄周吴徐孙胡朱高高林何郭郭马马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕武贾任石白"
)
BEFORE_1965 = {
    "f": "秀英 桂兰 玉兰 淑珍 桂英 凤英 秀珍 玉梅 淑芬 翠花 桂芝 金花 爱莲 改梅 润梅 月仙 变花 秀梅".split(),
    "m": "建国 国强 志明 德福 永贵 玉山 福生 建军 保平 全喜 贵生 振华 有才 存明 满仓 世忠 学义 文魁".split(),
}
BEFORE_1985 = {
    "f": "丽华 晓红 海燕 春梅 艳萍 建芳 慧敏 雪梅 俊英 美玲 素娟 瑞芳 丽娟 云霞 红梅 志芳 爱萍 永红".split(),
    "m": "志刚 海军 建平 晓东 卫东 文斌 俊峰 永强 国栋 利民 春生 向东 宏伟 拥军 亚军 红兵 学军 占军".split(),
}
SINCE = {
    "f": "婷婷 佳怡 雨欣 梦瑶 思远 子涵 晓雯 欣怡 静怡 若曦 璐璐 嘉琪 一诺 可欣 雅楠 宇婷 文静 晨曦".split(),
    "m": "浩然 子轩 宇航 俊杰 天宇 泽阳 鹏飞 嘉伟 晨阳 博文 振宇 凯文 旭东 思齐 志远 一鸣 明轩 文博".split(),
}
YOUNGEST, OLDEST = 19, 88


def invent(dice: Random, day: date) -> tuple[str, date]:
    """A name and a date of birth that go together; ages from 19 to 88 on `day`, a good third of them over sixty."""
    age = int(dice.triangular(YOUNGEST, OLDEST, 58))
    born = day - timedelta(days=365 * age + dice.randrange(30, 330))
    given = BEFORE_1965 if born.year < 1965 else BEFORE_1985 if born.year < 1985 else SINCE
    return dice.choice(SURNAMES) + dice.choice(given[dice.choice("ffffmm")]), born
