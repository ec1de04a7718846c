"""What is wired for the review queue: its own kinds, the to-do rows of every kind, appeals against what it decides."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse

from activities import announcing, attended, awarding, awards_keeping, earned, honours, queue, watching
from communities import appeals, closing, copying, handover, todo
from communities.models import User


def rows(user: User) -> Iterator[todo.Waiting]:
    """Of the kinds that have no deadline; the others say theirs in a row of their own."""
    for kind, waiting_for in ((honours.KIND, honours.waiting_for), (announcing.KIND, announcing.waiting_for)):
        url = f"{reverse('desk:review')}?kind={kind.code}"
        yield todo.Waiting("review", f"{kind.title}待您审核", url, partial(waiting_for, user))


def wire() -> None:
    for kind in (attended.KIND, honours.KIND, announcing.KIND):
        queue.register(kind)
    handover.register(honours.held)
    todo.register(rows)
    todo.register(announcing.rows)
    todo.register(watching.rows)
    appeals.register(honours.PREFIX, honours.declined_about)
    appeals.register(awarding.PREFIX, earned.stopped_about)
    copying.register(*awards_keeping.SECTIONS)
    closing.register(awards_keeping.obstacles)
    closing.on_empty(awards_keeping.empty)
