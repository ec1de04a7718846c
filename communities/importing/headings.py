"""表头: which column of somebody's sheet means what. Plain Python without Django: the child that reads sheets uses it.

Residents' columns stand here; whoever has other sheets read brings words of their own (`known_by`).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

MEANINGS = {
    "name": "姓名 名字 居民姓名 人员姓名 成员姓名 户主姓名 本人姓名",
    "phone": "手机号 手机 手机号码 联系电话 电话 联系方式 电话号码 移动电话 联系手机 本人手机",
    "document": "证件号 证件号码 身份证号 身份证号码 身份证 公民身份号码 居民身份证号 居民身份证号码 公民身份证号码",
    "kind": "证件类型 证件种类 证件类别 证件名称",
    "born": "出生日期 生日 出生年月 出生年月日 出生时间",
    "estate": "小区 小区名称 所在小区 居住小区 所属小区 院落",
    "grid": "网格 网格名称 所属网格 所在网格 网格号",
    "community": "社区 社区名称 所属社区 所在社区",
}
TITLES = 20  # rows in which the headings are looked for


def known_by(meanings: Mapping[str, str]) -> dict[str, str]:
    """Heading → key, of `meanings`: key → headings with blanks between them."""
    return {word: key for key, words in meanings.items() for word in words.split()}


KNOWN = known_by(MEANINGS)


def meaning(cell: str, known: Mapping[str, str] = KNOWN) -> str:
    """What a heading means: " 姓 名* （必填）" → name; "" for a column that is not ours."""
    bare = re.sub(r"\(.*?\)|[\s*:]", "", unicodedata.normalize("NFKC", cell))
    return known.get(bare, "")


def columns(row: Sequence[str], known: Mapping[str, str] = KNOWN) -> dict[int, str]:
    """The known columns of a row of headings, the first of several alike; empty unless 姓名 and one more are among them."""
    found: dict[int, str] = {}
    for number, cell in enumerate(row):
        key = meaning(cell, known) if len(cell) < 30 else ""
        if key and key not in found.values():
            found[number] = key
    return found if "name" in found.values() and len(found) > 1 else {}
