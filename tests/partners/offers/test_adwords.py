"""The advertising word list: what is found, what is let alone, and that nothing of the text is lost in marking it."""

import pytest

from partners.offers import adwords


@pytest.mark.parametrize(
    "text",
    ["全市最好的理发", "国家级推拿", "根治腰腿痛", "疗效显著", "保健品8折", "充值200送50", "稳赚理财", "招商加盟", "销 量 第 一", "治·愈", "１００％有效，特效药", "办 卡", "最佳", "治\u200b愈", "国\ufeff家\u2060级", "健身年卡", "不治愈不收费",
     "送啤酒", "理财产品", "不用排队，办卡更便宜", "最好、先进", "送红酒、杯子", "管理财产品"],
)  # fmt: skip
def test_forbidden_phrases_are_found_however_they_are_spread(text: str) -> None:
    found = adwords.forbidden(text)
    assert found and all(hit.rule.reason and hit.rule.basis for hit in found), text


@pytest.mark.parametrize(
    "text",
    [
        "最近一周",
        "最晚18:00到店",
        "每次最多2件，最少1件",
        "最早9点",
        "理发一次，含洗吹",
        "油烟机清洗减20元",
        "第一次来请带券",
        "请确保本人到场",
        "凭青年卡八折",
        "法治好讲堂",
        "代理财务报税",
        "家常菜：啤酒鸭",
        "招商银行旁",
    ],
)
def test_plain_words_are_not_forbidden(text: str) -> None:
    assert adwords.forbidden(text) == [], text


@pytest.mark.parametrize(
    "text",
    ["家电故障诊断", "全程不办卡、不推销保健品", "防范理财诈骗讲座", "预付卡退费维权咨询", "最好提前一天预约", "国家级非遗剪纸", "代老人办电费充值", "货拉拉人工搬运，万能胶自备"],
)  # fmt: skip
def test_what_the_law_does_not_plainly_forbid_is_the_reviewers_to_judge(text: str) -> None:
    assert adwords.hits(text) and adwords.forbidden(text) == [], text


def test_what_is_to_be_looked_at_warns_and_comes_after_what_is_forbidden() -> None:
    hits = adwords.hits("康复理疗", "第一品牌，首选")
    assert [hit.text for hit in hits if hit.rule.forbidden] == ["第一品牌"]
    assert {hit.text for hit in hits if not hit.rule.forbidden} == {"康复", "理疗", "首选"} and hits[0].rule.forbidden


def test_the_marked_text_is_the_text() -> None:
    text = "社区最好的理发，专家推荐，最近有空。"
    pieces = list(adwords.marked(text))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.rule] == ["最好", "专家"]
