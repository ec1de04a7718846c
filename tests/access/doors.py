"""Every address of the house with its door. A route that is not listed here fails the test: say who may pass.

Doors: OPEN everybody · PHONE residents · MINE a row of one resident · DESK staff, each sees only own communities ·
ROW a row of one community · HEAD such a row that its head or the admin decides · HEADALONE one that its head alone does · STREET a row of one sub-district, changed by its admin ·
SHARED a row of one sub-district that all its staff see · API a client's row · CLIENT any client.
KEEPER who looks after accounts, each of the own sub-district · PEOPLE a colleague's account, for those · COLLEAGUE the same and one's own
BOOKS the sums of one community, finance included · GIVES such a row, that a supervisor does not open · FINANCE what its finance alone pays · MONEY those of a sub-district, for its admin and its finance.
LOGS what auditors read of a sub-district. SHOP phones that serve for a partner, each sees its own · OWNER the owner's ·
SHOPROW a row of one partner · OWNERROW such a row, for the owner.
CARE the phones of those who work at a care centre · LEAD of who heads it · CAREROW a row of one centre · LEADROW such a row, for its lead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from core import clock
from tests.access.rows import Rows

Arguments = Callable[[Rows], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """`args` make the address, `form` is what a POST sends (None: GET only), `post_only` has no page of its own."""

    door: str
    args: Arguments = field(default=lambda _: {})
    form: Arguments | None = None
    post_only: bool = False


def announced(rows: Rows) -> dict[str, Any]:
    starts = clock.now() + timedelta(days=3)
    return {
        "community": rows.world.wenxing.pk, "kind": "ENV", "title": "清洁家园", "place": "门口", "content": "清理",
        "risk": "小心台阶", "leader": "张晓燕", "capacity": 5, "min_age": 18, "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
    }  # fmt: skip


def resident(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.pending.pk}


def batch(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.batch.pk}


def child(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.guardian.child_id}


def guardian(rows: Rows) -> dict[str, Any]:
    return child(rows) | {"guardian": rows.guardian.pk}


def sheet(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.sheet.pk}


def activity(rows: Rows) -> dict[str, Any]:
    return {"activity_id": rows.activity.pk}


def plan(rows: Rows) -> dict[str, Any]:
    return {"activity_id": rows.plan.pk}


def series(rows: Rows) -> dict[str, Any]:
    return {"series_id": rows.plan.series_id}


def course(rows: Rows) -> dict[str, Any]:
    return {"course_id": rows.course.pk}


def application(rows: Rows) -> dict[str, Any]:
    return {"number": rows.applying.asked.pk}


def by_draw(rows: Rows) -> dict[str, Any]:
    return {"course_id": rows.applying.drawn.pk}


def by_approval(rows: Rows) -> dict[str, Any]:
    return {"course_id": rows.applying.asked.course_id}


def agreement(rows: Rows) -> dict[str, Any]:
    return {"agreement_id": rows.agreement.pk}


def seat(rows: Rows) -> dict[str, Any]:
    return {"number": rows.seat.pk}


def waiting(rows: Rows) -> dict[str, Any]:
    return {"number": rows.waiting.pk}


def street(rows: Rows) -> dict[str, Any]:
    return {"street": rows.world.street.pk}


def rule(rows: Rows) -> dict[str, Any]:
    return {"street": rows.world.street.pk, "code": "ENV"}


def new_version(rows: Rows) -> dict[str, Any]:
    decided = {"body": "评议小组", "decided_on": rows.tomorrow - timedelta(days=1), "decided": "同意"}
    return {"name": "清洁", "points": 12, "notice_from": 100, "starts_on": rows.tomorrow} | decided


def adjustment(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.adjustment.pk}


def wang(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.world.wang.pk}


def zhang(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.world.zhang.pk}


def asked(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.asked.pk}


def at_the_counter(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.world.li.pk, "code": "night-school", "number": rows.course.pk}


def slip(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.slip.pk}


def notice(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.notice.pk}


def correction(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.serving.correction.pk}


def draft(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.draft.pk}


def held(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.holding.held.pk}


def claim(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.holding.asked.pk}


def held_post(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.holding.held.post_id}


def month(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.holding.month.pk}


def courier(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.holding.courier.pk}


def exchange(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.holding.exchange.pk}


def slip_of_stock(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.holding.stock.slip.pk}


def count_of_stock(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.holding.stock.count.pk}


def counted_place(rows: Rows) -> dict[str, Any]:
    return {"key": f"c{rows.world.wenxing.pk}"}


def why(_: Rows) -> dict[str, Any]:
    return {"reason": "已搬走"}


def certificate(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.certificate.pk}


def wanted(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.wanted.pk}


def star_bar(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.bar.pk}


def nothing(_: Rows) -> dict[str, Any]:
    return {}


def honour(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.honour.pk}


def takers(rows: Rows) -> dict[str, Any]:
    return {"picked": [rows.part.pk], "minutes": 60, f"minutes-{rows.part.pk}": 60}


def seats(rows: Rows) -> dict[str, Any]:
    return {"id": [rows.seat.pk], "reason": "停课", "sure": "1"}
