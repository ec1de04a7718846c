"""What posts bring to the homes of the lower apps, in one place (activities/apps.py)."""

from django.urls import reverse

from activities import duty_keeping, duty_queue, holdings, post_counter, queue
from activities.models import Post
from communities import appeals, closing, copying, couriers, searching, todo
from communities.models import User
from communities.searching import Hit, titled


def found(user: User, q: str, most: int) -> list[Hit]:
    """The desk's search by the name of a post."""
    own = Post.objects.for_staff(user).select_related("community")
    return [Hit(one.title, one.community.name, reverse("desk:post", args=[one.pk])) for one in titled(own, q, most)]


def wire() -> None:
    """Called once, when the app is ready."""
    todo.register(duty_queue.rows)
    queue.register(duty_queue.KIND)
    appeals.register("holding", duty_keeping.claim_decided)
    appeals.register("month", duty_keeping.month_decided)
    copying.register(*duty_keeping.SECTIONS)
    closing.register(duty_keeping.obstacles)
    closing.on_empty(duty_keeping.emptied)
    couriers.on_change(holdings.courier_changed)
    searching.register("岗位", found)
    post_counter.register_acts()
