"""模板, and the sheet of what is wrong: the same columns, so that what was corrected can be uploaded again."""

from collections.abc import Sequence
from typing import IO

from communities import access, duties, sealing
from communities.importing import batches
from communities.importing.cells import EXAMPLE
from communities.models import Batch, Line, Resident, User
from communities.workbook import to_fill
from core.verbs import verb

# Heading and width in characters; each is one of headings.MEANINGS.
COLUMNS = (
    ("姓名", 14),
    ("手机号", 16),
    ("证件类型", 14),
    ("证件号码", 24),
    ("出生日期", 14),
    ("小区", 18),
    ("网格", 14),
)
SHOWN = (f"{EXAMPLE}：王秀兰", "13800000000", "居民身份证", "11010519491231002X", "1949-12-31", "天和城", "第一网格")
TITLE = "居民名单"
REMARKS = (("原行号", 8), ("需要改正的地方", 60))
NOTE = "只有“姓名”必填，其余可以留空。示例这一行导入时会跳过。未满18周岁的请到窗口办理。"


def template() -> IO[bytes]:
    """An empty sheet with an example that is skipped; every column is text, so that Excel spoils no number."""
    return to_fill(TITLE, COLUMNS, [SHOWN], NOTE)


@verb()
def corrections(*, batch: Batch, by: User) -> IO[bytes]:
    """The wrong lines as they were written, reasons beside them, for whoever uploaded; it stands in the log of looks."""
    duties.require(by, batch.community, *batches.IMPORTERS)
    if batch.by_id != by.pk:
        raise batches.NotYourBatch
    access.look(by=by, community=batch.community, what="导入有误的行", purpose=f"改正第{batch.pk}批导入的表格")
    wrong = batch.lines.filter(fate=Line.Fate.WRONG).order_by("number")
    return to_fill(TITLE, (*COLUMNS, *REMARKS), (_written(line) for line in wrong.iterator()))


def _written(line: Line) -> Sequence[str]:
    number = sealing.unseal(bytes(line.document_sealed)) if line.document_sealed else ""
    kind = Resident.Document(line.document).label if line.document else ""
    own = (line.name, line.phone, kind, number, line.born, line.estate, line.grid)
    return *own, str(line.number), " ".join(line.said)
