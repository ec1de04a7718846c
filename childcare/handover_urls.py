"""Addresses of handover: the family's (/childcare/), the desk's (/desk/care/), the centre's (/care/)."""

from django.urls import URLPattern, path

from childcare.centre import handover
from childcare.desk import barring, pickups as counter
from childcare.views import pickups

family: list[URLPattern] = [
    path("pickups/<int:pk>/", pickups.pickups, name="pickups"),
    path("pickups/<int:pk>/<int:number>/revoke/", pickups.revoke, name="pickup-revoke"),
    path("pickups/<int:pk>/code/", pickups.code, name="pickup-code"),
    path("pickups/<int:pk>/code/<int:number>/revoke/", pickups.code_revoke, name="pickup-code-revoke"),
]
desk: list[URLPattern] = [
    path("care/barred/", barring.listing, name="care-barred"),
    path("care/barred/new/", barring.new, name="care-barred-new"),
    path("care/barred/<int:pk>/", barring.child, name="care-barred-child"),
    path("care/barred/<int:pk>/lift/", barring.lift, name="care-barred-lift"),
    path("care/barred/tries/", barring.tries, name="care-barred-tries"),
    path("care/barred/tries/<int:pk>/seen/", barring.seen, name="care-barred-seen"),
    path("care/pickups/<int:pk>/", counter.pickups, name="care-pickups"),
    path("care/pickups/<int:pk>/code/", counter.code, name="care-pickup-code"),
]
centre: list[URLPattern] = [
    path("places/<int:pk>/handover/", handover.handover, name="handover"),
    path("places/<int:pk>/handover/tried/<int:barred>/", handover.tried, name="handover-tried"),
    path("handovers/", handover.handovers, name="handovers"),
    path("handovers/<int:pk>/", handover.handed, name="handed"),
]
