"""抽签公示: what everybody may see of a draw and recompute (docs/draw.md). Numbers, lots and sums; no names, and nothing of one person."""

import json
from typing import Any

from django.db.models import Count
from django.http import Http404
from django.urls import reverse

from core import clock
from nightschool.applications import drawing_lots
from nightschool.models import Application, Course, Draw

Status = Application.Status
# What became of people, as the page names it; who withdrew after the list was frozen stays on it.
RESULTS = (Status.SEATED, Status.PASSED, Status.WAITING, Status.VOID, Status.WITHDRAWN, Status.APPLIED)


def draw_of(course_id: int) -> Draw:
    """The draw of a course that is shown; anything else is 404."""
    rows = Draw.objects.filter(course__in=Course.objects.shown().filter(pk=course_id))
    draw = rows.select_related("course__community__sub_district", "course__term").first()
    if draw is None:
        raise Http404
    return draw


def published(draw: Draw) -> dict[str, Any]:
    """What docs/draw.py reads. The order is the one by which seats were given, not computed anew."""
    drawn = Application.objects.filter(course=draw.course_id, rank__isnull=False)
    entries = drawing_lots.read(draw.entries)
    counted = dict(drawn.order_by().values_list("status").annotate(n=Count("pk")))
    return {
        "course": draw.course_id,
        "title": draw.course.title,
        "community": draw.course.community.name,
        "seats": draw.course.capacity,
        "applied": len(entries),
        "closes_at": clock.local(draw.course.closes_at).isoformat(),
        "committed_at": clock.local(draw.committed_at).isoformat(),
        "commitment": draw.commitment,
        "drawn_at": clock.local(draw.drawn_at).isoformat() if draw.drawn_at else None,
        "salt": draw.salt,
        "entries": [list(one) for one in entries],
        "entries_sha256": drawing_lots.fingerprint(draw.entries) if draw.drawn_at else "",
        "order": list(drawn.order_by("rank").values_list("number", flat=True)),
        "results": {status.value: counted[status.value] for status in RESULTS if counted.get(status.value)},
    }


def sheet(draw: Draw) -> dict[str, Any]:
    """Context of `nightschool/draw.html`."""
    said = published(draw)
    lots = dict(said["entries"])
    labels = dict(Status.choices)
    results = [("办理中" if one == "applied" else str(labels[one]), count) for one, count in said["results"].items()]
    return {
        "draw": draw, "course": draw.course, "said": said, "results": results,
        "order": [(rank, number, lots.get(number, 0)) for rank, number in enumerate(said["order"], 1)],
        "newcomers": sum(one == drawing_lots.NEWCOMER for one in lots.values()),
    }  # fmt: skip


def as_json(draw: Draw) -> str:
    return json.dumps(published(draw), ensure_ascii=False, indent=1)


def as_text(draw: Draw) -> str:
    """The same for people: a heading, then a line for each place."""
    said = published(draw)
    heads = [
        f"{said['community']}《{said['title']}》抽签公示",
        f"承诺值（{said['committed_at']}公布）：{said['commitment']}",
        f"申请截止：{said['closes_at']}",
        f"抽签时间：{said['drawn_at'] or '还没有抽签'}",
        f"随机数：{said['salt'] or '抽签后公布'}",
        f"名单指纹：{said['entries_sha256'] or '抽签后公布'}",
        f"名额：{said['seats']}个，名单：{said['applied']}人",
        f"怎样核对：{reverse('nightschool:draw', args=[draw.course_id])}",
        "",
        "次序 编号 签数",
    ]
    lots = dict(said["entries"])
    lines = [f"{rank} {number} {lots.get(number, 0)}" for rank, number in enumerate(said["order"], 1)]
    return "\n".join([*heads, *lines, ""])
