"""What is wired for the review queue: its own kinds, the to-do rows of every kind, appeals against what it decides."""

from collections.abc import Iterator

from django.urls import reverse

from activities import announcing, attended, awarding, awards_keeping, earned, honours, queue, watching
from communities import appeals, closing, copying, handover, todo
from communities.models import User


def rows(user: User) -> Iterator[todo.Row]:
    """Of the kinds that have no deadline; the others say theirs in a row of their own."""
    for kind in (honours.KIND, announcing.KIND):
        url = f"{reverse('desk:review')}?kind={kind.code}"
        yield todo.Row("review", f"{kind.title}待您审核", kind.waiting_for(user).count(), url)


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
