"""Addresses of bookings; venues/urls.py takes them in."""

from django.urls import URLPattern, path

from venues.desk import bookings as desk
from venues.views import booking as views

patterns: list[URLPattern] = [
    path("", views.rooms, name="rooms"),
    path("<int:room_id>/", views.room, name="room"),
    path("<int:room_id>/confirm/", views.confirm, name="confirm"),
    path("mine/", views.mine, name="mine"),
    path("mine/<int:pk>/", views.booking, name="booking"),
    path("mine/<int:pk>/confirm/", views.reconfirm, name="reconfirm"),
    path("mine/<int:pk>/cancel/", views.cancel, name="cancel"),
]

desk_patterns: list[URLPattern] = [
    path("bookings/", desk.every, name="bookings"),
    path("bookings/export/", desk.export, name="bookings-export"),
    path("bookings/new/", desk.new, name="booking-new"),
    path("bookings/for/<int:pk>/<int:room_id>/", desk.for_somebody, name="booking-for"),
    path("bookings/<int:pk>/", desk.one, name="booking"),
    path("bookings/<int:pk>/cancel/", desk.call_off, name="booking-cancel"),
    path("bookings/<int:pk>/confirm/", desk.reconfirm, name="booking-reconfirm"),
    path("bookings/<int:pk>/no-show/", desk.no_show, name="booking-no-show"),
    path("bookings/<int:pk>/excuse/", desk.excuse, name="booking-excuse"),
]
