"""查找: whom staff mean by the few keys they type. Only the files of the communities where the reader works are looked at.

The search of the whole desk is communities/searching.py.
"""

import re
from typing import NamedTuple
from unicodedata import normalize

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Lower, Replace

from communities import duties
from communities.models import Card, Resident, User
from communities.models.people import ResidentQuerySet
from communities.registration import initials, pinyin

MOST = 20
MORE = "还有更多，请多输入几个字。"
LONGEST = 100
TAIL = 4  # digits of a phone that say anything
ACTIVE = (Resident.Status.PENDING, Resident.Status.CONFIRMED)
SOUNDS = Lower(Replace("pinyin", Value(" "), Value("")))
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,32}")


class Found(NamedTuple):
    """The first people, and whether there are more of them than are shown."""

    people: list[Resident]
    more: bool


def clean(q: str) -> str:
    """What was typed, in half-width letters and digits, without what no database takes; at most `LONGEST` characters."""
    text = normalize("NFKC", q[: LONGEST * 2].encode("utf-8", "ignore").decode())
    return " ".join("".join(one for one in text if one.isprintable()).split())[:LONGEST]


def residents(user: User, q: str) -> ResidentQuerySet:
    """Files in use that `q` may mean, the likeliest first, of the communities where `user` works; nobody for an empty `q`.

    A part of the name; pinyin (wangxiulan, wang xiu) or initials (wxl) from the beginning; four or more digits from the end
    of the phone; the card's number, code or address; name and digits together (王6021). Slice it: it is not bounded.
    """
    typed = clean(q)
    places = list(duties.served_by(user).values_list("pk", flat=True)) if typed else []
    mine = Resident.objects.filter(community__in=places, status__in=ACTIVE).alias(sounds=SOUNDS)
    if not places:
        return mine.none()
    carded = Q(pk__in=_holders(typed))
    meant, likely = _meant(typed)
    if meant is None:
        return mine.filter(carded).order_by("pk")
    asked = meant | carded if _may_be_card(typed) else meant
    return mine.filter(asked).alias(likely=likely).order_by("likely", "pinyin", "pk")


def people(user: User, q: str, most: int = MOST) -> Found:
    """The first `most`, with community and estate read along."""
    found = list(residents(user, q).select_related("community", "estate")[: most + 1])
    return Found(found[:most], len(found) > most)


def letters_of(text: str) -> str:
    """As keys are typed: small letters without blanks and apostrophes, lü as lv."""
    return text.lower().replace("ü", "v").replace(" ", "").replace("'", "")


def _may_be_card(typed: str) -> bool:
    return bool(TOKEN.fullmatch(typed.rstrip("/").rpartition("/")[2])) or (typed.isdecimal() and len(typed) == 8)


def _holders(typed: str) -> QuerySet[Card, int]:
    """Whose card in use has this number, this code, or the address that a scanner reads from it."""
    code = typed.rstrip("/").rpartition("/")[2]
    return Card.objects.filter(Q(number=code) | Q(token=code), ended_at=None).values_list("resident_id", flat=True)


def _meant(typed: str) -> tuple[Q | None, Case]:
    """The condition, and how likely (0 first) each is meant; no condition for what names nobody, as a few digits or an address do."""
    if "/" in typed:
        return None, Case(default=0)
    digits = re.sub(r"^(0086|86)(?=1\d{10}$)", "", "".join(re.findall(r"[0-9]+", typed)))
    name = "".join(one for one in letters_of(typed) if one.isalpha() or one == "·")
    if 0 < len(digits) < TAIL or not (digits or name):
        return None, Case(default=0)
    meant = Q(phone__endswith=digits) if digits else Q()
    han = re.sub(r"[a-z]", "", name)
    if name == han:
        likely = Case(When(name=han, then=0), When(name__startswith=han, then=1), default=2)
        return (meant & Q(name__contains=han) if han else meant), likely
    first, whole = initials(name), letters_of(pinyin(name))
    sounding = Q(initials__startswith=first) | Q(sounds__startswith=whole)
    likely = Case(
        When(Q(initials=first) | Q(sounds=whole), then=0), When(initials__startswith=first, then=1), default=2
    )
    return meant & sounding & (Q(name__contains=han) if han else Q()), likely
