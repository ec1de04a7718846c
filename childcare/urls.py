"""托管: the family's pages; `desk_patterns` stand under /desk/, `centre_patterns` under /care/. Each room says its own addresses."""

from django.urls import URLPattern

from childcare import (
    billing_urls,
    days_urls,
    enrolment_urls,
    handover_urls,
    places_urls,
    staffing_urls,
    watching_urls,
)

app_name = "childcare"
ROOMS = (places_urls, enrolment_urls, days_urls, handover_urls, staffing_urls, billing_urls, watching_urls)

urlpatterns: list[URLPattern] = [one for room in ROOMS for one in room.family]
desk_patterns: list[URLPattern] = [one for room in ROOMS for one in room.desk]
centre_patterns: list[URLPattern] = [one for room in ROOMS for one in room.centre]
