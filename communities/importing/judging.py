"""对照: the lines of a sheet against one another, and against the files that there are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from communities.kin import kin_of
from communities.models import Batch, Line, Resident, User

Fate = Line.Fate
ACTIVE = (Resident.Status.PENDING, Resident.Status.CONFIRMED)
SISTER = "证件号码：这个人已在本街道其他社区建档，请办理迁移，不要重复建档。"
OWN = "不能导入您自己、同名的人或家人的档案，请由另一位同事办理。"
Key = tuple[str, ...]


def wrong(line: Line, sentence: str) -> None:
    """`line` is not imported, and says why."""
    line.fate, line.resident, line.said = Fate.WRONG, None, [sentence, *line.said]


def keys(line: Line) -> list[Key]:
    """By what this person would be found, the surest first; name and birthday of one who has a number or a phone find
    only somebody who has neither: two people may share both."""
    found: list[Key] = [("证件号", line.document_hash)] if line.document_hash else []
    if line.phone:
        found.append(("姓名和手机号", line.name, line.phone))
    if line.birth_date:
        found.append(("姓名和出生日期", line.name, str(line.birth_date), *(["无手机号和证件号"] if found else [])))
    return found or [("姓名和小区", line.name, line.estate)]


def known_by(person: Line | Resident, estate: str) -> list[Key]:
    """Everything by which this person can be found."""
    born = str(person.birth_date) if person.birth_date else ""
    bare = not person.phone and not person.document_hash
    found: list[tuple[object, Key]] = [
        (person.document_hash, ("证件号", person.document_hash)),
        (person.phone, ("姓名和手机号", person.name, person.phone)),
        (born, ("姓名和出生日期", person.name, born)),
        (born and bare, ("姓名和出生日期", person.name, born, "无手机号和证件号")),
        (True, ("姓名和小区", person.name, estate)),
    ]
    return [key for stands, key in found if stands]


@dataclass
class Seen:
    """The lines of one sheet so far, by key."""

    lines: dict[Key, Line] = field(default_factory=dict)

    def judge(self, line: Line) -> None:
        """A second line of one person is left out; two that contradict one another are wrong."""
        if line.fate == Fate.WRONG:
            return
        key = next((key for key in keys(line) if key in self.lines), None)
        first = self.lines.get(key) if key else None
        if first is None or key is None:
            for own in known_by(line, line.estate):
                self.lines.setdefault(own, line)
        elif first.name != line.name:
            wrong(line, f"证件号码：与第{first.number}行相同，姓名却不同，请核对这两行。")
        elif first.document_hash and line.document_hash and first.document_hash != line.document_hash:
            wrong(line, f"证件号码：与第{first.number}行姓名、手机号相同，证件号却不同，请核对这两行。")
        else:
            line.fate = Fate.REPEATED
            line.said = [f"与第{first.number}行是同一人（{key[0]}相同），只导入第{first.number}行。", *line.said]


class Files:
    """The files that some lines of a batch may speak of, and the places of its community."""

    def __init__(self, batch: Batch, lines: Iterable[Line], *, locked: bool = False) -> None:
        self.by: User = batch.by
        self.kin = kin_of(batch.by)
        self.estates = dict(batch.community.estates.values_list("name", "pk"))
        self.grids = dict(batch.community.grids.values_list("name", "pk"))
        lines = list(lines)
        hashes = {line.document_hash for line in lines} - {""}
        names, phones = {line.name for line in lines}, {line.phone for line in lines} - {""}
        active = Resident.objects.filter(status__in=ACTIVE)
        mine = active.filter(
            Q(document_hash__in=hashes) | Q(phone__in=phones) | Q(name__in=names), community=batch.community
        )
        found = mine.select_for_update(no_key=True, of=("self",)) if locked else mine
        self.files: dict[Key, Resident] = {}
        self.phones: dict[str, set[str]] = {}
        estates = {pk: name for name, pk in self.estates.items()}
        for file in found.order_by("pk"):
            for key in known_by(file, estates.get(file.estate_id or 0, "")):
                self.files.setdefault(key, file)
            self.phones.setdefault(file.phone, set()).add(file.name)
        self.kin_phones = {file.phone for file in set(self.files.values()) if file.phone and self.kin.includes(file)}
        others = active.filter(community__sub_district=batch.community.sub_district_id).exclude(
            community=batch.community
        )
        self.sisters = set(others.filter(document_hash__in=hashes).values_list("document_hash", flat=True))

    def judge(self, line: Line) -> None:
        """NEW, MERGE (`before` says what is filled), SAME or WRONG. A merge is taken into account for the lines after it."""
        if line.fate in (Fate.WRONG, Fate.REPEATED):
            return
        line.resident, line.before = next((self.files[key] for key in keys(line) if key in self.files), None), None
        if line.document_hash in self.sisters:
            wrong(line, SISTER)
        elif line.resident is None:
            self._new(line)
        elif self.kin.includes(line.resident):
            wrong(line, OWN)
        elif line.resident.name != line.name:
            wrong(line, "证件号码：已有档案用的是这个证件号，姓名却不同，请核对。")
        else:
            self._known(line, line.resident)

    def _new(self, line: Line) -> None:
        line.fate = Fate.NEW
        if self._is_own(line):
            wrong(line, OWN)
        elif line.phone and self.phones.get(line.phone, set()) - {line.name}:
            tell(line, "这个手机号还登记着另一位居民，导入后由两人共用。")

    def _is_own(self, line: Line) -> bool:
        """As at the desk (communities/files.py): the name alone is enough, nobody would know such a file for one's own."""
        by_number = bool(self.by.own_phone) and line.phone == self.by.own_phone
        return line.name == self.by.name or by_number or line.phone in self.kin_phones

    def _known(self, line: Line, file: Resident) -> None:
        filled = {}
        for name, value in self.values(line).items():
            there = getattr(file, name)
            if value and not there and not (name == "phone" and file.account_id):
                filled[name] = value
            elif value and there and there != value:
                tell(line, f"{WORDS[name]}与已有档案不一致，档案没有改动。")
        for name, value in filled.items():
            setattr(file, name, value)
        line.fate = Fate.MERGE if filled else Fate.SAME
        line.before = {name: str(value) if name == "birth_date" else value for name, value in filled.items()} or None
        if not line.phone and not line.document_hash and not line.birth_date:
            tell(line, "已有同名档案，这一行没有手机号、证件号和出生日期，按同一人处理；不是同一人请补充后再导入。")

    def values(self, line: Line) -> dict[str, Any]:
        """The fields of a file that this line could fill."""
        return {
            "phone": line.phone, "birth_date": line.birth_date, "document_hash": line.document_hash,
            "estate_id": self.estates.get(line.estate), "grid_id": self.grids.get(line.grid),
        }  # fmt: skip


WORDS = {
    "phone": "手机号",
    "birth_date": "出生日期",
    "document_hash": "证件号码",
    "estate_id": "小区",
    "grid_id": "网格",
}


def places(line: Line, files: Files) -> None:
    """Say which places of this line nobody registered yet."""
    for name, known in ((line.estate, files.estates), (line.grid, files.grids)):
        if name and name not in known:
            tell(line, f"“{name}”还没有登记。社区主任上传的可以一并登记，否则这一项留空。")


def tell(line: Line, sentence: str) -> None:
    """Add a remark, once: a line is looked at when it is shown and again when it is written."""
    if sentence not in line.said:
        line.said = [*line.said, sentence]
