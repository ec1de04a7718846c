"""Addresses of places: the family's (/childcare/), the desk's (/desk/care/), the centre's (/care/)."""

from django.urls import URLPattern, path

from childcare.desk import places as desk_places, places_centres as centres, places_groups as groups
from childcare.views import places

family: list[URLPattern] = [
    path("centres/", places.centres, name="centres"),
    path("centres/<int:pk>/", places.centre, name="centre"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/<int:pk>/accept/", places.accept, name="place-accept"),
    path("places/<int:pk>/decline/", places.decline, name="place-decline"),
    path("places/<int:pk>/end/", places.end, name="place-end"),
    path("places/<int:pk>/keep/", places.keep, name="place-keep"),
]
desk: list[URLPattern] = [
    path("care/centres/", centres.listing, name="care-centres"),
    path("care/centres/new/", centres.new, name="care-centre-new"),
    path("care/centres/<int:pk>/", centres.centre, name="care-centre"),
    path("care/centres/<int:pk>/change/", centres.change, name="care-centre-change"),
    path("care/centres/<int:pk>/close/", centres.close, name="care-centre-close"),
    path("care/centres/<int:pk>/groups/new/", groups.new, name="care-group-new"),
    path("care/groups/<int:pk>/", groups.group, name="care-group"),
    path("care/groups/<int:pk>/change/", groups.change, name="care-group-change"),
    path("care/groups/<int:pk>/open/", groups.open_group, name="care-group-open"),
    path("care/groups/<int:pk>/discard/", groups.discard, name="care-group-discard"),
    path("care/groups/<int:pk>/close/", groups.close, name="care-group-close"),
    path("care/places/", desk_places.listing, name="care-places"),
    path("care/places/export/", desk_places.export, name="care-places-export"),
    path("care/places/print/", desk_places.paper, name="care-places-print"),
    path("care/places/<int:pk>/", desk_places.place, name="care-place"),
    path("care/places/<int:pk>/accept/", desk_places.accept, name="care-place-accept"),
    path("care/places/<int:pk>/decline/", desk_places.decline, name="care-place-decline"),
    path("care/places/<int:pk>/end/", desk_places.end, name="care-place-end"),
    path("care/places/<int:pk>/keep/", desk_places.keep, name="care-place-keep"),
    path("care/places/<int:pk>/move/", desk_places.move, name="care-place-move"),
]
centre: list[URLPattern] = []
