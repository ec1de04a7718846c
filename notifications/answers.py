"""The answer to an appeal reaches the inbox of the resident who filed it."""

from communities.models import Appeal
from notifications.outbox import Words, tell


def tell_answer(appeal: Appeal) -> None:
    """Says that there is an answer and which way it went; the reasons are read on the page."""
    body = f"您对“{appeal.subject}”的申诉已答复：{appeal.get_status_display()}。点“查看”看答复内容。"
    words = Words("申诉已答复", body, f"/appeals/{appeal.about}/")
    tell(resident=appeal.resident, occasion=f"appeal:{appeal.pk}:answered", words=words)
