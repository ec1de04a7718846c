"""Addresses of staffing: the family's (/childcare/), the desk's (/desk/care/), the centre's (/care/)."""

from django.urls import URLPattern, path

from childcare.centre import turns
from childcare.desk import staffing

family: list[URLPattern] = []
desk: list[URLPattern] = [
    path("care/staff/", staffing.listing, name="care-staff"),
    path("care/staff/new/", staffing.new, name="care-staff-new"),
    path("care/staff/<int:pk>/", staffing.staffer, name="care-staffer"),
    path("care/staff/<int:pk>/change/", staffing.change, name="care-staff-change"),
    path("care/staff/<int:pk>/check/", staffing.check, name="care-staff-check"),
    path("care/staff/<int:pk>/turns/", staffing.turns, name="care-staff-turns"),
    path("care/staff/checks/<int:pk>/void/", staffing.check_void, name="care-staff-check-void"),
    path("care/centres/<int:pk>/turns/", staffing.centre_turns, name="care-centre-turns"),
    path("care/staff/<int:pk>/leave/", staffing.leave, name="care-staff-leave"),
]
centre: list[URLPattern] = [
    path("turns/", turns.turns, name="turns"),
    path("turns/<int:pk>/drop/", turns.drop, name="turn-drop"),
]
