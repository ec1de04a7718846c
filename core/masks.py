"""How a name or number is shown to those who need not know it (domain guide, 13.3)."""

COMPOUND_SURNAMES = frozenset("欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 令狐 淳于 呼延 轩辕 百里 东郭 西门 拓跋".split())  # fmt: skip


def name(full: str) -> str:
    """张三 → 张*, 张小明 → 张*明, 欧阳小明 → 欧阳*明, 阿依古丽·江 → 阿**丽."""
    full = full.split("·")[0] if "·" in full else full
    surname = 2 if full[:2] in COMPOUND_SURNAMES and len(full) > 2 else 1
    rest = full[surname:]
    if len(rest) < 2:
        return full[:surname] + "*" * max(len(rest), 1)
    return full[:surname] + "*" * (len(rest) - 1) + rest[-1]


def phone(number: str) -> str:
    """13812346021 → 138****6021; empty stays empty."""
    return f"{number[:3]}****{number[-4:]}" if number else ""


def document(number: str) -> str:
    """140***********1234, never the birth part; of a 残疾人证 (20) the two that tell type and grade are hidden as well."""
    first, hidden = number[:3] if len(number) >= 15 else "", "*" * len(number[18:])
    return f"{first}{'*' * (len(number[:18]) - len(first) - 4)}{number[:18][-4:]}{hidden}"
