"""核验: whether an agreement still says what was signed, and if not, where. Everything is computed anew from the rows."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from core.sql import call
from partners.models import Agreement

DOCUMENT = "SELECT partners_document(a) FROM partners_agreement a WHERE a.id = %s"
PARTS = {
    "number": "编号", "version": "版本", "replaces": "所接续的协议", "title": "名称", "text": "正文", "promise": "公益承诺",
    "partner": "乙方", "community": "甲方", "starts_on": "开始日期", "ends_on": "到期日期", "mode": "结算方式",
    "percent": "补贴比例", "pairing": "结对", "template": "范本", "promises": "承诺明细", "rooms": "场地", "attachments": "附件",
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """`sha256` is that of the rows as they are now; `where` names the parts that are not what was signed."""

    sha256: str
    where: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.where


def verify(agreement: Agreement) -> Verdict:
    """Of an agreement that was sent for signing or signed."""
    now = str(call(DOCUMENT, agreement.pk)[0])
    where = differing(_parsed(agreement.document), json.loads(now))
    if (agreement.document != now and not where) or _digest(agreement.document) != agreement.sha256:
        where.append("签署文本")
    if agreement.signatures.exclude(sha256=agreement.sha256).exists():
        where.append("签名")
    papers = agreement.attachments.values_list("paper__jpeg", "paper__sha256")
    if any(sha256(bytes(jpeg)).hexdigest() != kept for jpeg, kept in papers.iterator(chunk_size=1)):
        where.append("附件图片")
    return Verdict(_digest(now), tuple(where))


def differing(signed: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The names of the parts that are not the same; of a text that cannot be read, none."""
    return [label for part, label in PARTS.items() if signed and signed.get(part) != now.get(part)]


def _parsed(document: str) -> dict[str, Any]:
    try:
        found = json.loads(document)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
