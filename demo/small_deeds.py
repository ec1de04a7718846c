"""小事 in the demo: what some people sent in lately, what became of it, and what waits for a colleague."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw

from activities import answering, deeds, solving
from activities.models import Deed
from communities.photos import Picture
from demo import cast
from demo.affairs import Affair, colleague, person
from demo.asked import Asked

LAMP, SNOW, BENCH = (
    "天和城3号路灯不亮，晚上老人看不见路",
    "帮楼上邻居把米和菜提上楼",
    "建议在文兴苑门口放两把长椅，老人等车能坐",
)
BIN, SAME = "文兴苑门口垃圾桶满了，堆到了路边", "文兴苑大门口的垃圾桶满了没人收"
GATE = "文兴苑门口"


def past(asked: Asked) -> list[Affair]:
    """In the order of the days; nothing where visitors have changed who is who."""
    return list(_affairs(asked))


def _affairs(asked: Asked) -> Iterator[Affair]:
    yield _sent(asked.at(-9), cast.MOTHER, Deed.Kind.SNAPSHOT, LAMP, "天和城3号楼前", _lamp())
    yield _then(asked.at(-9, time(11)), LAMP, Deed.Status.SENT, lambda deed, at: _accept(deed, at, "已报给路灯管理所"))
    yield _sent(asked.at(-8), cast.SON, Deed.Kind.KINDNESS, SNOW, "天和城5号楼")
    yield _then(asked.at(-8, time(15)), SNOW, Deed.Status.SENT, _accept)
    yield _then(asked.at(-7, time(16)), LAMP, Deed.Status.ACCEPTED, _solve)
    yield _sent(asked.at(-5), cast.ELDER, Deed.Kind.IDEA, BENCH, GATE)
    yield _then(asked.at(-4), BENCH, Deed.Status.SENT, lambda deed, at: _accept(deed, at, "采纳，下月和小区提升一起做"))
    yield _sent(asked.at(-1, time(17)), cast.WANG, Deed.Kind.SNAPSHOT, BIN, GATE, _bin())
    yield _sent(asked.at(-1, time(17, 30)), cast.SON, Deed.Kind.SNAPSHOT, SAME, GATE)


def _sent(
    at: datetime, who: cast.Known, kind: Deed.Kind, text: str, place: str, photo: Picture | None = None
) -> Affair:
    return Affair(at, Deed.objects.filter(text=text).exists, partial(_send, who, kind, text, place, photo))


def _send(who: cast.Known, kind: Deed.Kind, text: str, place: str, photo: Picture | None, at: datetime) -> None:
    mine = person(who)
    deeds.send(
        resident=mine, kind=kind, text=text, place=place, photo=photo, by=mine.account or colleague(cast.WORKER), at=at
    )


def _then(at: datetime, text: str, status: Deed.Status, act: Callable[[Deed, datetime], object]) -> Affair:
    """What happens to it as long as it has `status`."""
    waiting = Deed.objects.filter(text=text, status=status)

    def done() -> bool:
        return not waiting.exists()

    def do(at: datetime) -> None:
        act(waiting.get(), at)

    return Affair(at, done, do)


def _accept(deed: Deed, at: datetime, answer: str = "") -> None:
    answering.accept(deed=deed, by=colleague(cast.HEAD), answer=answer, at=at)


def _solve(deed: Deed, at: datetime) -> None:
    solving.solve(deed=deed, by=colleague(cast.WORKER), outcome="路灯所已换灯泡，亮了", at=at)


def _lamp() -> Picture:
    """A lamp that is out, drawn."""
    scene = Image.new("RGB", (960, 720), "#1C2433")
    pen = ImageDraw.Draw(scene)
    pen.rectangle((0, 560, 960, 720), fill="#2B2F38")
    pen.rectangle((470, 140, 490, 600), fill="#6B7280")
    pen.polygon([(490, 150), (620, 120), (640, 160), (490, 175)], fill="#6B7280")
    pen.ellipse((590, 140, 650, 180), fill="#3B4252")
    return _drawn(scene)


def _bin() -> Picture:
    """A full bin, drawn."""
    scene = Image.new("RGB", (960, 720), "#C9D4DC")
    pen = ImageDraw.Draw(scene)
    pen.rectangle((0, 520, 960, 720), fill="#9AA3A8")
    pen.polygon([(340, 260), (620, 260), (590, 580), (370, 580)], fill="#2F6B4F")
    for left, colour in ((330, "#D9C7A0"), (420, "#B85C4A"), (510, "#E8E3D8"), (250, "#8C8577"), (620, "#C7B07A")):
        pen.ellipse((left, 190 if 320 < left < 600 else 500, left + 120, 290 if 320 < left < 600 else 600), fill=colour)
    return _drawn(scene)


def _drawn(scene: Image.Image) -> Picture:
    told = BytesIO()
    scene.save(told, "JPEG", quality=80)
    return Picture(told.getvalue(), scene.width, scene.height)
