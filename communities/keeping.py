"""What this app keeps about a resident, section by section (communities/copying.py)."""

from collections.abc import Iterator, Sequence

from communities import sealing
from communities.copying import Cell, Section
from communities.models import Appeal, Consent, Courier, Guardian, Helper, Look, Resident, RightsRequest, Slip
from communities.purposes import TEXTS
from core import masks

Rows = Iterator[Sequence[Cell]]


def file(resident: Resident) -> Rows:
    yield "姓名", resident.name
    yield "社区", resident.community.name
    yield "状态", resident.get_status_display()
    yield "小区", resident.estate.name if resident.estate else ""
    yield "网格", resident.grid.name if resident.grid else ""
    yield "家庭（户）", "已登记" if resident.household_id else "未登记"
    yield "手机号", resident.phone
    yield "出生日期", resident.birth_date
    yield "证件类型", resident.get_document_display()
    # On a screen that others may see, and in a file that may be passed on, never the whole of it.
    sealed = resident.document_sealed
    yield "证件号", masks.document(sealing.unseal(bytes(sealed))) if sealed else ""
    yield "登记时间", resident.registered_at
    yield "确认时间", resident.decided_at
    yield "未通过原因", resident.decline_reason


def consents(resident: Resident) -> Rows:
    mine = Consent.objects.filter(resident=resident)
    if resident.account_id:
        mine = mine | Consent.objects.filter(account=resident.account_id)
    for one in mine.order_by("pk"):
        said = TEXTS[Consent.Purpose(one.purpose)].done
        yield one.get_purpose_display(), said, one.version, one.get_way_display(), one.given_at, one.withdrawn_at


def helpers(resident: Resident) -> Rows:
    for one in Helper.objects.filter(resident=resident).order_by("pk"):
        yield one.name, one.relation, one.at, one.ended_at


def guardians(resident: Resident) -> Rows:
    """Of a child who answers for it, of an adult for whom."""
    for one in Guardian.objects.filter(child=resident).select_related("guardian").order_by("pk"):
        yield f"监护人{one.guardian.name}", one.relation, one.get_basis_display(), one.at, one.ended_at
    for one in Guardian.objects.filter(guardian=resident).select_related("child").order_by("pk"):
        yield f"孩子{one.child.name}", one.relation, one.get_basis_display(), one.at, one.ended_at


def appeals(resident: Resident) -> Rows:
    for one in Appeal.objects.of(resident).order_by("pk"):
        yield one.subject, one.text, one.filed_at, one.get_status_display(), one.answer, one.new_value, one.answered_at


def requests(resident: Resident) -> Rows:
    for one in RightsRequest.objects.filter(resident=resident).order_by("pk"):
        yield one.get_kind_display(), one.text, one.filed_at, one.answer_by, one.get_status_display(), one.answer


def slips(resident: Resident) -> Rows:
    for one in Slip.objects.filter(resident=resident).order_by("pk"):
        yield one.act, one.said, one.get_proof_display(), one.at


def couriers(resident: Resident) -> Rows:
    for one in Courier.objects.filter(resident=resident).order_by("pk"):
        yield one.platform, one.station, one.get_status_display(), one.at, one.decided_at, one.ended_at, one.end_reason


def looks(resident: Resident) -> Rows:
    """Which community and what for; not which colleague: that is for the auditor, and for the answer to a request."""
    for one in Look.objects.filter(resident=resident).select_related("community").order_by("-pk"):
        yield one.at, one.community.name if one.community else "", one.what, one.purpose


SECTIONS = (
    Section("file", "基本信息", ("项目", "内容"), file, 0),
    Section("consents", "同意记录", ("用途", "做什么", "规则版本", "方式", "同意时间", "撤回时间"), consents, 0),
    Section("helpers", "亲友代办", ("亲友姓名", "关系", "登记时间", "结束时间"), helpers),
    Section("guardians", "监护关系", ("谁", "关系", "看过的证明", "登记时间", "结束时间"), guardians),
    Section("appeals", "申诉", ("事项", "理由", "提出时间", "状态", "答复", "更正后的结果", "答复时间"), appeals),
    Section("requests", "信息申请", ("类别", "内容", "提出时间", "答复期限", "状态", "答复"), requests),
    Section("slips", "窗口办理", ("事项", "结果", "确认方式", "时间"), slips),
    Section("couriers", "小哥登记", ("平台", "站点", "状态", "登记时间", "审核时间", "退出时间", "原因"), couriers),
    Section("looks", "谁看过完整信息", ("时间", "社区", "看了什么", "原因"), looks, 0),
)
