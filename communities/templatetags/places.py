"""Where something is, said once: many rooms already begin with the name of their community."""

from django import template

register = template.Library()


@register.filter
def located(place: object, whose: str) -> str:
    """永安社区党群服务中心1楼, whether or not `place` itself says whose it is."""
    said = str(place)
    return said if said.startswith(whose) else f"{whose}{said}"
