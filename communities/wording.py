"""What a public notice may say: nothing that leads to a person's door, phone, papers or hardship, and nobody's name.

Names are shown by `communities/disclosure.py` alone, masked and by consent; so no text may carry one past it. Texts are
compared without blanks and dashes, full-width digits as plain ones, 一三八 as 138. What is refused too often can be said
in other words; what was shown cannot be taken back.
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from django.db.models import Q, Value
from django.db.models.functions import Length, Replace, StrIndex

from communities.models import Community, Estate, Resident
from core.refusals import Refused

NUMERALS = str.maketrans("〇零一幺壹二三四五六七八九", "00111" + "23456789")
GAPS = re.compile(r"[\s\-—–_.·・,，、()（）*]+")
DAYS = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}月\d{1,2}[日号]|(?<!\d)(?:19|20)\d{6}(?!\d)")
MOBILE = re.compile(r"\d{11,}")
NUMBER = re.compile(r"\d{7,}")
ROOM = re.compile(r"(?:[0-9十百]+[a-zA-Z]?|(?<![a-zA-Z])[a-zA-Z])(?:号楼|号院|号|栋|幢|座|单元|室|楼|弄|层)")
ESTATE = ("小区", "家属院", "公寓", "宿舍")
HARDSHIP = (
    "低保", "残疾", "残障", "特困", "困难", "贫困", "优待", "孤儿", "失独", "五保", "重病", "大病", "精神病", "刑满", "矫正", "吸毒",
)  # fmt: skip
SURE = 3  # characters of a name that is hardly ever part of another word


class NotToBeShown(Refused):
    code = "not_to_be_shown"
    status = 400

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}里有{what}，不能公示，这次没有保存。请改写后再提交。")


def bare(text: str) -> str:
    """`text` as a name is looked for in it."""
    return GAPS.sub("", normalize("NFKC", text))


def refusal_for(community: Community, texts: Iterable[tuple[str, str]], listed: Iterable[int] = ()) -> Refused | None:
    """Why something of `texts` (where it stands → what it says) cannot be shown; `listed`: residents of the list."""
    said = [(where, text) for where, text in texts if text]
    for where, text in said:
        if what := _betrays(text):
            return NotToBeShown(where, what)
    return _estate_in(community, said) or _name_in(community, said, listed)


def _betrays(text: str) -> str:
    plain = DAYS.sub("日", normalize("NFKC", text).translate(NUMERALS))
    if MOBILE.search(GAPS.sub("", plain)) or NUMBER.search(re.sub(r"[-—–]", "", plain)):
        return "像手机号、证件号的数字（日期请写成几年几月几日）"
    if room := ROOM.search(re.sub(r"\s", "", plain)):
        return f"像住址的内容“{room.group()}”"
    return next((f"“{word}”" for word in HARDSHIP if word in bare(text)), "")


def _estate_in(community: Community, said: list[tuple[str, str]]) -> Refused | None:
    """A line may not name where its person lives; title and text may speak of an estate."""
    lines = [(where, bare(text)) for where, text in said if where.startswith("第")]
    names = [bare(name) for name in Estate.objects.filter(community=community).values_list("name", flat=True)]
    found = ((where, word) for where, text in lines for word in (*names, *ESTATE) if word and word in text)
    return next((NotToBeShown(where, f"像住址的内容“{word}”") for where, word in found), None)


def _name_in(community: Community, said: list[tuple[str, str]], listed: Iterable[int]) -> Refused | None:
    """A name of the list wherever it stands, and any longer one of the community."""
    everything = "\n".join(bare(text) for _, text in said)
    people = Resident.objects.annotate(plain=Replace("name", Value("·"), Value("")), long=Length("name"))
    known = Q(pk__in=list(listed), long__gte=2) | Q(community=community, long__gte=SURE)
    named = people.annotate(place=StrIndex(Value(everything), "plain")).filter(known, place__gt=0)
    name = named.values_list("plain", flat=True).first()
    if name is None:
        return None
    where = next((where for where, text in said if name in bare(text)), "公示")
    return NotToBeShown(where, f"居民姓名“{name}”")
