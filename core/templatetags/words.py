"""Filters that say dates, figures and masked names as people read them."""

from django import template

from core import masks, words

register = template.Library()
register.filter("day", words.day)
register.filter("moment", words.moment)
register.filter("dated", words.dated)
register.filter("points", words.points)
register.filter("masked_name", masks.name)
register.filter("masked_phone", masks.phone)
