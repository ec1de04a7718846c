"""The text of an agreement: what every one of them says (domain guide, 7.4), and the places that are filled in."""

import re
from collections.abc import Sequence
from datetime import date

from partners.models import Agreement, Promise, RoomGrant

PLACES = ("甲方", "乙方", "期限", "承诺", "场地", "结算方式")
MARK = re.compile(r"【([^【】]{0,20})】")
DEFAULT = """一、合作内容
甲方：【甲方】。乙方：【乙方】。双方自愿合作，乙方作为社区合伙人为居民提供服务，参加社区治理、便民服务和文化建设。
二、公益服务量和优惠
乙方承诺：
【承诺】
每次服务由乙方填报，由甲方工作人员或到场居民确认；完成情况向居民公开。
三、场地与时段
【场地】
乙方按约定时间使用，用后恢复原状，不转借、不转租。
四、费用
场地的水、电、暖等费用按第三条写明的执行；没有写明的，由甲方承担。乙方不得在优惠以外向居民另外收费。
五、安全和行业责任
乙方对服务过程中的人身和财产安全负责，按行业要求投保。涉及食品、医疗、养老、托管、消防的，乙方须持有有效证照，证照到期以前交验新证；证照过期期间，暂停有关服务。
六、个人信息保护
乙方只能看到服务券上显示的内容（服务、隐去部分字的姓名、有效期），受甲方委托只为核销处理，不得另外收集、留存、转给他人；合作结束后全部删除。发生泄露，立即告知甲方。
七、禁止事项
乙方不得：（一）借社区名义推销；（二）向老年人销售保健品；（三）办理、销售预付卡或充值；（四）集资、销售金融产品；（五）收集居民信息；（六）发布弹窗广告、发布未经甲方审核的广告。
八、积分券结算
结算方式：【结算方式】
每月初按上月核销的服务券对账，双方确认后冻结；有差错的在下一期更正。
九、宣传和标识
乙方可以在合作期内使用“社区合伙人”标识；宣传内容先交甲方审核。合作结束后10日内撤下标识。
十、期限
本协议期限：【期限】。期满前双方评议，可以续签。
十一、违约与退出
任何一方可以按甲方规定的天数提前书面通知，终止本协议。乙方发生安全事故、证照被吊销、严重违法、滥用个人信息、侵害老年人或儿童、虚假核销的，甲方可以立即暂停合作，并按退出程序办理。已发放的服务券继续有效30日或者退回居民。
十二、争议
发生争议，双方先协商；协商不成的，由甲方所在地人民法院管辖。
十三、其他
本协议经双方签字（含电子签名）后生效，附件与本协议同等有效。签署后内容不再改动；需要变更的，另签新的一版。"""


def unknown(text: str) -> list[str]:
    """Marks that name no place."""
    return [found for found in MARK.findall(text) if found not in PLACES]


def missing(text: str) -> list[str]:
    """Places that the text has no mark for."""
    return [place for place in PLACES if f"【{place}】" not in text]


def filled(text: str, agreement: Agreement, promises: Sequence[Promise], rooms: Sequence[RoomGrant]) -> str:
    """`text` with the places filled in from the agreement and its rows."""
    said = _places(agreement, promises, rooms)
    return MARK.sub(lambda found: said.get(found[1], found[0]), text)


def _places(agreement: Agreement, promises: Sequence[Promise], rooms: Sequence[RoomGrant]) -> dict[str, str]:
    return {
        "甲方": f"{agreement.community.sub_district}{agreement.community}", "乙方": party(agreement),
        "期限": f"{plain(agreement.starts_on)}至{plain(agreement.ends_on)}",
        "承诺": "\n".join(f"{number}. {promised(one)}；" for number, one in enumerate(promises, 1)),
        "场地": "\n".join(granted(one) for one in rooms) or "本协议不提供固定场地。", "结算方式": settled(agreement),
    }  # fmt: skip


def rendered(agreement: Agreement) -> str:
    """The text as it is or would be signed: two queries."""
    return filled(agreement.text, agreement, *_rows(agreement))


def marked(agreement: Agreement) -> str:
    """A filled-in text with its marks again, so that what is changed in the rows changes in it as well."""
    text, said = agreement.text, _places(agreement, *_rows(agreement))
    for place, words in sorted(said.items(), key=lambda one: -len(one[1])):
        text = text.replace(words, f"【{place}】") if words else text
    return text


def lacking(agreement: Agreement) -> list[str]:
    """What the rows say and a filled-in text does not: somebody took out a mark and wrote something else."""
    return [place for place, words in _places(agreement, *_rows(agreement)).items() if words not in agreement.text]


def _rows(agreement: Agreement) -> tuple[list[Promise], list[RoomGrant]]:
    return list(agreement.promises.order_by("order")), list(agreement.grants.select_related("room").order_by("pk"))


def party(agreement: Agreement) -> str:
    """康乐家政服务部（统一社会信用代码…）."""
    code = agreement.partner.credit_code
    return f"{agreement.partner}（统一社会信用代码{code}）" if code else str(agreement.partner)


def promised(one: Promise) -> str:
    """免费理发，每月2次，每次10人，8折."""
    people = f"，每次{one.people}人" if one.people else ""
    return f"{one.item}，每月{one.times}次{people}" + (f"，{one.discount}" if one.discount else "")


def granted(one: RoomGrant) -> str:
    """甲方提供活动室2楼舞蹈厅，每月8小时，周三下午，水电免费."""
    fees = f"，{one.fees}" if one.fees else ""
    return f"甲方提供{one.room}，每月{one.hours}小时，时段：{one.when}{fees}。"


def settled(agreement: Agreement) -> str:
    mode = Agreement.Mode
    return {
        mode.GIFT: "商户让利。乙方按承诺向居民让利，积分券不向甲方结算费用。",
        mode.SUBSIDY: "社区补贴。核销的服务券按约定价值由甲方全额补贴。",
        mode.MIXED: f"混合。核销的服务券按约定价值由甲方补贴{agreement.percent}%，其余由乙方让利。",
    }[mode(agreement.mode)]


def summary(promises: Sequence[Promise]) -> str:
    """What everybody reads of the promises when nobody wrote a line of their own."""
    return "；".join(promised(one) for one in promises)[:300]


def plain(day: date) -> str:
    """2026年3月1日: a paper names the year always."""
    return f"{day.year}年{day.month}月{day.day}日"
