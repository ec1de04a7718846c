"""Figures of money, for pages that residents never see."""

from django import template

from partners.money import yuan

register = template.Library()
register.filter(yuan)
