"""Filters that say dates, figures and masked names as people read them."""

from django import template

from core import masks, words

register = template.Library()
for said in (words.day, words.moment, words.dated, words.points):
    register.filter(said)
register.filter("masked_name", masks.name)
register.filter("masked_phone", masks.phone)
