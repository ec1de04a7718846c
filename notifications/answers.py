"""The answer to an appeal, an objection or a request about one's own data reaches the inbox of the resident who filed it."""

from communities.models import Appeal, Objection, Resident, RightsRequest
from notifications.outbox import Words, tell


def tell_answer(appeal: Appeal) -> None:
    """Says that there is an answer and which way it went; the reasons are read on the page."""
    body = f"您对“{appeal.subject}”的申诉已答复：{appeal.get_status_display()}。点“查看”看答复内容。"
    words = Words("申诉已答复", body, f"/appeals/{appeal.about}/")
    tell(resident=appeal.resident, occasion=f"appeal:{appeal.pk}:answered", words=words)


def tell_rights(asked: RightsRequest) -> None:
    """Says that there is an answer; what was asked and the reasons are read on the page."""
    body = f"您的“{asked.get_kind_display()}”申请社区已答复：{asked.get_status_display()}。点“查看”看答复内容。"
    words = Words("信息申请已答复", body, "/me/data/")
    tell(resident=asked.resident, occasion=f"rights:{asked.pk}:answered", words=words)


def tell_objection(objection: Objection) -> None:
    """To whoever objected under their name; whoever stayed unnamed asks at the counter."""
    if objection.resident is None or objection.resident.status == Resident.Status.CLOSED:
        return
    body = f"您对公示“{objection.notice.title}”的异议已答复：{objection.get_status_display()}。点“查看”看答复内容。"
    words = Words("公示异议已答复", body, f"/notices/{objection.notice_id}/")
    tell(resident=objection.resident, occasion=f"objection:{objection.pk}:answered", words=words)
