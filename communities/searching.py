"""The search of the whole desk: people, and what each app registers of its own. Every finder keeps to what its reader may see."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse
from pypinyin import lazy_pinyin

from communities import finding
from communities.models import Notice, Resident, User
from core import masks

EACH, ALL = 5, 50  # hits of a kind beside the others, and alone
READ = 300  # rows of a kind whose titles are spelt out, the newest first
LETTERS = re.compile(r"[a-z]+")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Hit:
    """One line: what it is, what tells it from its like, and where it leads."""

    title: str
    sub: str
    url: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` than is shown."""

    label: str
    hits: list[Hit]
    more: bool


Finder = Callable[[User, str, int], list[Hit]]
_finders: dict[str, Finder] = {}


def register(label: str, finder: Finder) -> None:
    """From now on `finder(user, q, most)` is asked for at most `most` hits that `user` may see; `q` was cleaned, and is not empty."""
    _finders[label] = finder


def search(user: User, q: str, only: str = "") -> list[Group]:
    """What was found, people first, kinds without a hit left out; with `only`, more of that one kind."""
    typed = finding.clean(q)
    kinds = {"居民": _people, **_finders, "公示": _notices}
    asked = {only: kinds[only]} if only in kinds else kinds
    most = ALL if only in kinds else EACH
    found = [(label, finder(user, typed, most + 1)) for label, finder in asked.items()] if typed else []
    return [Group(label, hits[:most], len(hits) > most) for label, hits in found if hits]


def titled(rows: QuerySet[M], q: str, most: int, field: str = "title") -> list[M]:
    """The newest of `rows` whose `field` holds `q`; letters are also looked for in the sounds of the newest `READ`."""
    if not LETTERS.fullmatch(finding.letters_of(q)):
        return list(rows.filter(**{f"{field}__icontains": q}).order_by("-pk")[:most])
    title = attrgetter(field.replace("__", "."))
    return [one for one in rows.order_by("-pk")[:READ] if sounds_like(title(one), q)][:most]


def sounds_like(title: str, q: str) -> bool:
    """Whether `q` stands in `title` or its initials, or begins a syllable of it (形体塑形: xtsx, suxing)."""
    letters, syllables = finding.letters_of(q), [one.lower() for one in lazy_pinyin(title)]
    first = "".join(one[:1] for one in syllables)
    begun = ("".join(syllables[place:]) for place in range(len(syllables)))
    return letters in title.lower() or letters in first or any(one.startswith(letters) for one in begun)


def _people(user: User, q: str, most: int) -> list[Hit]:
    found = finding.people(user, q, most).people
    return [Hit(one.name, _known_by(one), reverse("desk:resident", args=[one.pk])) for one in found]


def _notices(user: User, q: str, most: int) -> list[Hit]:
    found = titled(Notice.objects.for_staff(user).select_related("community"), q, most)
    return [
        Hit(one.title, f"{one.community.name}，{one.get_status_display()}", reverse("desk:notice", args=[one.pk]))
        for one in found
    ]


def _known_by(resident: Resident) -> str:
    estate = f"，{resident.estate.name}" if resident.estate else ""
    phone = masks.phone(resident.phone) or "没有手机"
    return f"{resident.community.name}{estate}，{phone}，{resident.get_status_display()}"
