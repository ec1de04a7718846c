"""Hours of service as people read them."""

from django import template

from activities.hourbook import hours_of

register = template.Library()


@register.filter
def hours(minutes: int | None) -> str:
    """150 → 2.5: credited minutes as hours with one decimal."""
    return str(hours_of(minutes or 0))
