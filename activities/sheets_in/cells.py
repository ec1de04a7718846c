"""逐格: what the cells of one row of a sign-in sheet say, and in Chinese what is wrong with which. No database."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, time

from django.core.exceptions import ValidationError

from communities import identity
from communities.fields import MOBILE, NameField
from communities.importing.reading import Row

MEANINGS = {
    "name": "姓名 名字 志愿者 志愿者姓名 人员姓名 居民姓名 参加人",
    "phone": "手机尾号 手机号 手机 手机后四位 尾号 手机号码 电话 联系电话 联系方式 电话尾号 手机号后四位 手机尾号/手机号 手机尾号或手机号",
    "began": "签到 签到时间 到达时间 开始 开始时间 到场时间 上岗时间 签到(时间)",
    "ended": "签退 签退时间 离开时间 结束 结束时间 离场时间 下岗时间",
    "lasted": "时长 服务时长 分钟 服务分钟 时长分钟 服务时间",
    "hours": "小时 小时数 服务小时 时长小时 工时",
}
TITLES = {"name": "姓名", "phone": "手机尾号", "began": "签到", "ended": "签退", "lasted": "时长", "hours": "小时数"}
EXAMPLE = "示例"
TAIL, SHORTEST = 4, 15  # digits that say anything; below so many minutes a bare number may be hours
NAME = NameField()
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s+|T|$)")
CLOCK = re.compile(r"(\d{1,2})(?:[:.点时](?:(\d{1,2})分?(?::\d{1,2}(?:\.\d+)?)?|(半))?)(AM|PM)?")
HALVES = {"上午": 0, "早上": 0, "凌晨": 0, "中午": 0, "下午": 12, "傍晚": 12, "晚上": 12}
LASTED = re.compile(r"(?:(\d+(?:\.\d+)?)(?:小时|个小时|时|H))?(?:(\d+)(?:分钟|分|MIN))?")


@dataclass(frozen=True)
class Moment:
    """A time of the day, on `day` if the cell named one."""

    at: time
    day: date | None = None


@dataclass
class Said:
    """One row as written: `texts` by key, what was understood, what is wrong, what is merely remarked."""

    number: int
    texts: dict[str, str]
    name: str = ""
    phone: str = ""
    began: Moment | None = None
    ended: Moment | None = None
    minutes: int | None = None
    wrong: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def is_example(row: Row) -> bool:
    """Whether this is the row that the template shows how to fill in."""
    return row.cells.get("name", "").startswith(EXAMPLE)


def said_by(row: Row) -> Said:
    """What a row says, with every reason why it cannot be used."""
    cells = {key: row.cells.get(key, "").strip() for key in MEANINGS}
    said = Said(row.number, cells)
    for key in row.formulas:
        said.wrong.append(f"{TITLES[key]}：这一格是公式，没有计算结果。请在Excel里打开并保存一次，或粘贴为数值。")
    _name(said, cells["name"])
    _phone(said, cells["phone"])
    said.began, said.ended = _moment(said, "began"), _moment(said, "ended")
    _lasted(said)
    if not (said.wrong or said.began):
        said.wrong.append("没有签到时间。到场的请填签到，再填签退或时长；没有到场的不用管。")
    elif not said.wrong and said.ended is None and said.minutes is None:
        said.wrong.append("没有签退时间，也没有时长，请补上一样。")
    if row.merged:
        said.remarks.append(f"{'、'.join(TITLES[key] for key in row.merged)}是合并单元格，已按上面一格填入。")
    return said


def moment_of(text: str) -> Moment | None:
    """09:00, 9点半, 下午2:30, 0930, 2026-11-22 09:00, or the part of a day that Excel keeps; None for anything else."""
    plain = re.sub(r"[\s]+", " ", unicodedata.normalize("NFKC", text)).strip().upper()
    day, plain = _day(plain)
    if re.fullmatch(r"0?\.\d+", plain):
        seconds = round(float(plain) * 86400)
        return Moment(time(seconds // 3600 % 24, seconds % 3600 // 60), day)
    half = next((one for one in HALVES if plain.startswith(one)), "")
    plain = re.sub(r"\s", "", plain[len(half) :])
    if re.fullmatch(r"\d{3,4}", plain):
        plain = f"{plain[:-2]}:{plain[-2:]}"
    found = CLOCK.fullmatch(plain)
    if not found or day == date.min:
        return None
    hour, minute = int(found[1]), 30 if found[3] else int(found[2] or 0)
    later = (HALVES.get(half) or (12 if found[4] == "PM" else 0)) if hour < 12 else 0
    return Moment(time(hour + later, minute), day) if hour + later < 24 and minute < 60 else None


def _day(plain: str) -> tuple[date | None, str]:
    """The day before the time, `date.min` for one that there is not; and what follows."""
    found = DAY.match(plain)
    if found is None:
        return None, plain
    try:
        return date(*map(int, found.groups())), plain[found.end() :]
    except ValueError:
        return date.min, plain[found.end() :]


def minutes_of(text: str, *, hours: bool = False) -> int | None:
    """120, 120分钟, 2小时, 1小时30分; a bare small number may be either and is None. `hours`: the column counts hours."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if re.fullmatch(r"\d{1,4}(\.\d+)?", plain):
        if hours:
            return _whole(float(plain) * 60)
        return _whole(float(plain)) if float(plain) >= SHORTEST else None
    found = LASTED.fullmatch(plain)
    if not plain or found is None:
        return None
    return _whole(float(found[1] or 0) * 60 + int(found[2] or 0))


def _whole(minutes: float) -> int | None:
    return int(minutes) if minutes == int(minutes) and 1 <= minutes <= 1440 else None


def _name(said: Said, text: str) -> None:
    if not text:
        said.wrong.append("姓名：没有填写。")
        return
    try:
        said.name = NAME.clean(text)
    except ValidationError:
        said.wrong.append("姓名：请填写一个人的全名（2到40个字，只能是文字和间隔号）。")


def _phone(said: Said, text: str) -> None:
    number = re.sub(r"\.0*$", "", re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)))
    number = re.sub(r"^(\+86|0086|86)(?=1\d{10}$)", "", number)
    if not number:
        return
    if identity.SPOILT.fullmatch(number.upper()) or re.fullmatch(r"\d(\.\d+)?E\+?\d+", number.upper()):
        said.wrong.append("手机尾号：被Excel改成了科学计数，后几位已经丢失。请把这一列设为“文本”格式后重新填写。")
    elif not number.isdecimal() or not number.isascii() or len(number) > 11:
        said.wrong.append("手机尾号：请填后四位数字，或完整的手机号；没有手机可以留空。")
    elif len(number) < TAIL:
        said.wrong.append("手机尾号：不足4位，前面的0可能被Excel去掉了。请把这一列设为“文本”格式后填4位。")
    elif len(number) == 11 and not MOBILE.fullmatch(number):
        said.wrong.append("手机尾号：11位的应是以1开头的手机号，请核对。")
    else:
        said.phone = number


def _moment(said: Said, key: str) -> Moment | None:
    text = said.texts[key]
    if not text:
        return None
    found = moment_of(text)
    if found is None:
        said.wrong.append(f"{TITLES[key]}：看不懂“{text[:20]}”，请写成09:00这样。")
    return found


def _lasted(said: Said) -> None:
    text, hours = said.texts["lasted"], said.texts["hours"]
    if not (text or hours):
        return
    said.minutes = minutes_of(text) if text else minutes_of(hours, hours=True)
    if said.minutes is None:
        said.wrong.append(f"时长：看不懂“{(text or hours)[:20]}”，请写明分钟或小时，如120分钟、2小时。")
