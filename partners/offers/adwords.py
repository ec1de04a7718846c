"""广告用语: what a partner's text may not promise. Found in the text, with the reason, for whoever writes and whoever reviews.

Domain guide, 7.4: 广告法 (2021) 9, 16-18, 25, 28, 39-40 [S63]; prepaid cards [S62]. A forbidden phrase blocks approval, the others
are looked at by a person: what the law does not plainly forbid, and what is said not to be done (不办卡, 防理财诈骗). 最 alone says
nothing (最近, 最晚, 最多2次): the superlatives of advertising are listed one by one. Characters that meet by chance are `HARMLESS`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import normalize


@dataclass(frozen=True)
class Rule:
    """Phrases that are refused, or looked at, for one reason."""

    phrases: tuple[str, ...]
    forbidden: bool
    reason: str
    basis: str


# What a forbidden phrase says otherwise in these; written out of one piece, or “最好、先进” would pass.
SOFTER = Rule(
    ("最好提前", "最好先预约", "最好先打电话", "最好带", "最好自带", "最好穿", "最好空腹", "最好别", "国家级非遗", "国家级非物质文化遗产", "国家级裁判",
     "国家级运动员", "国家级教练", "治愈系", "万能", "特效", "诊断", "会员卡", "加盟店", "话费充值", "电费充值", "水费充值", "燃气充值"),
    False, "有的说法可以用，要看说的是什么，请核对", "广告法第九条、第十七条；合伙协议禁止项",
)  # fmt: skip
RULES = (
    Rule(
        ("最好", "最佳", "最优", "最强", "最低价", "最便宜", "最实惠", "最先进", "最专业", "最权威", "最高级", "最大规模", "最安全", "最有效",
         "最受欢迎", "销量最高", "国家级", "世界级", "全球首", "全国首", "顶级", "极品", "第一品牌", "全国第一", "行业第一", "大同第一",
         "排名第一", "销量第一", "绝无仅有", "独一无二", "史无前例"),
        True, "不能用“最”“第一”“国家级”一类的绝对化用语", "广告法第九条",
    ),
    Rule(
        ("治愈", "根治", "疗效", "特效药", "药到病除", "治好", "包治", "祛病", "抗癌", "防癌", "降血压", "降血糖", "降血脂", "替代药物", "不用吃药",
         "治疗", "临床验证", "老中医秘方", "祖传秘方"),
        True, "不是医疗广告，不能说治疗作用；医疗、药品、医疗器械的广告要先经审查", "广告法第十六条、第十七条",
    ),
    Rule(
        ("保健品", "保健食品", "延年益寿", "增强免疫力", "提高免疫力", "养生产品", "营养品"),
        True, "不能借社区名义推销保健食品", "广告法第十八条；合伙协议禁止项",
    ),
    Rule(
        ("预付卡", "充值", "储值", "办卡", "预存", "先付后", "年卡"),
        True, "不能通过平台卖预付卡、办充值", "单用途预付卡管理规定；合伙协议禁止项",
    ),
    Rule(
        ("理财", "高收益", "稳赚", "保本保息", "保本理财", "保本收益", "投资回报", "众筹", "分红", "股权", "贷款", "借款", "彩票"),
        True, "不能做金融、集资和博彩的宣传", "广告法第二十五条；合伙协议禁止项",
    ),
    Rule(
        ("加盟", "招商", "代理商", "发展下线", "拉人头", "推荐返利"),
        True, "不能在居民的服务里招商、拉人", "广告法第二十五条；合伙协议禁止项",
    ),
    Rule(
        ("白酒", "啤酒", "红酒", "香烟", "烟草"),
        True, "积分不兑换烟酒，页面上未成年人也看得到", "广告法第二十二条、第四十条",
    ),
    Rule(
        ("第一", "首选", "唯一", "独家", "专家", "权威", "百分百", "100%", "保证", "承诺有效", "零风险", "永久", "终身"),
        False, "可能是绝对化或保证性的说法，请核对有没有依据", "广告法第九条、第二十八条",
    ),
    SOFTER,
    Rule(
        ("康复", "理疗", "养生", "调理", "按摩", "针灸", "拔罐", "体检", "美白", "减肥", "化妆品"),
        False, "涉及健康、美容，请核对证照，并确认没有说疗效", "广告法第十六条、第十七条、第四十条",
    ),
    Rule(
        ("加微信", "扫码进群", "微信群", "抖音", "免费领", "抽奖", "限时", "仅剩", "秒杀"),
        False, "像是引流或促销，请核对是不是为居民服务所需", "广告法第十四条；合伙协议禁止项",
    ),
)  # fmt: skip


HARMLESS = (
    "青年卡", "少年卡", "老年卡", "政治好", "法治好", "自治好", "德治好", "共治好", "整治好", "代理财务", "管理财务", "分红包",
    "招商银行", "招商局", "招商大厦", "啤酒鸭", "啤酒鱼", "啤酒鸡", "啤酒虾", "啤酒瓶", "白酒瓶", "红酒瓶", "红酒杯", "红酒炖",
)  # fmt: skip
# Of cards, money, goods and recruiting alone: “不治愈不收费” promises a cure.
NOT_DONE = Rule((), False, "像是说明不做这件事，或提醒防骗，请核对", "合伙协议禁止项")
_DENIED = "不|免|无需|无须|禁止|严禁|拒绝|谢绝|杜绝|远离|警惕|防|防范|识别|识破"
_DEALING = "用|必|需|要|得|会|收|卖|搞|做|推销|推荐|销售|办理|诱导|参与|强制|任何"
_WARNED = "诈骗|骗局|陷阱|纠纷|维权|退费"


class Hit(NamedTuple):
    """A phrase as it stands in the text."""

    text: str
    rule: Rule


class Piece(NamedTuple):
    """A part of the text; `rule` is None where nothing was found."""

    text: str
    rule: Rule | None


def _spread(phrase: str) -> str:
    # “第 一”, “治·愈” say the same: what stands between the characters does not help.
    return r"[\s·•.\-_*、\u00ad\u200b-\u200f\u2060\ufeff]{0,3}".join(re.escape(one) for one in phrase)


# The longest first, so that 第一品牌 is not found as 第一, nor 啤酒鸭 as 啤酒.
_PHRASES: list[tuple[str, Rule | None]] = sorted(
    [*((one, None) for one in HARMLESS), *((one, rule) for rule in RULES for one in rule.phrases)],
    key=lambda pair: -len(pair[0]),
)
_TRADED = "|".join(_spread(one) for rule in RULES if rule.forbidden and "禁止项" in rule.basis for one in rule.phrases)
_FOUND = re.compile(
    f"(?P<denied>(?:{_DENIED})(?:{_DEALING})?(?:{_TRADED})|(?:{_TRADED})(?:{_WARNED}))|"
    + "|".join(
        f"(?P<w{n}>{re.escape(phrase) if rule in (None, SOFTER) else _spread(phrase)})"
        for n, (phrase, rule) in enumerate(_PHRASES)
    )
)


def _plain(character: str) -> str:
    same = normalize("NFKC", character)
    return same if len(same) == 1 else character  # so that a place in one text is the place in the other


def marked(text: str) -> Iterator[Piece]:
    """`text` in parts, in order; together they are the text. Looked for with full-width letters and figures made plain."""
    plain, end = "".join(map(_plain, text)), 0
    for found in _FOUND.finditer(plain):
        if found.start() > end:
            yield Piece(text[end : found.start()], None)
        assert found.lastgroup
        rule = NOT_DONE if found.lastgroup == "denied" else _PHRASES[int(found.lastgroup[1:])][1]
        yield Piece(text[found.start() : found.end()], rule)
        end = found.end()
    if end < len(text):
        yield Piece(text[end:], None)


def hits(*texts: str) -> list[Hit]:
    """What was found in any of `texts`, each phrase once, the forbidden ones first."""
    found = {piece.text: Hit(piece.text, piece.rule) for text in texts for piece in marked(text) if piece.rule}
    return sorted(found.values(), key=lambda hit: not hit.rule.forbidden)


def forbidden(*texts: str) -> list[Hit]:
    return [hit for hit in hits(*texts) if hit.rule.forbidden]
