"""Addresses of rooms. `open_patterns` stand at the root: calendars are read by programs, 我的日历 belongs to 我的."""

from django.urls import URLPattern, URLResolver, path

from venues import booking_urls
from venues.desk import checks as desk_checks, photo as desk_photo, rooms as desk_rooms, rooms_day
from venues.views import calendar, keys, photo

app_name = "venues"
urlpatterns: list[URLPattern | URLResolver] = [
    *booking_urls.patterns,
    path("<int:room_id>/photo.jpg", photo.photo, name="photo"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:pk>/", keys.check, name="check"),
    path("keys/<int:pk>/begin/", keys.begin, name="check-begin"),
    path("keys/<int:pk>/finish/", keys.finish, name="check-finish"),
]
open_patterns: list[URLPattern | URLResolver] = [
    path("calendar/<slug:token>.ics", calendar.calendar, name="calendar"),
    path("me/calendar/", calendar.mine, name="my-calendar"),
    path("me/calendar/renew/", calendar.renew, name="my-calendar-renew"),
    path("me/calendar/stop/", calendar.stop, name="my-calendar-stop"),
]
desk_patterns: list[URLPattern | URLResolver] = [
    *booking_urls.desk_patterns,
    path("rooms/", desk_rooms.listing, name="rooms"),
    path("rooms/export/", desk_rooms.export, name="rooms-export"),
    path("rooms/new/", desk_rooms.new, name="room-new"),
    path("rooms/day/", rooms_day.day, name="rooms-day"),
    path("rooms/rate/", rooms_day.rate, name="rooms-rate"),
    path("rooms/rate/export/", rooms_day.rate_export, name="rooms-rate-export"),
    path("rooms/checks/", desk_checks.listing, name="room-checks"),
    path("rooms/checks/export/", desk_checks.export, name="room-checks-export"),
    path("rooms/checks/print/", desk_checks.printed, name="room-checks-print"),
    path("rooms/checks/<int:pk>/", desk_checks.check, name="room-check"),
    path("rooms/checks/<int:pk>/begin/", desk_checks.begin, name="room-check-begin"),
    path("rooms/checks/<int:pk>/finish/", desk_checks.finish, name="room-check-finish"),
    path("rooms/checks/<int:pk>/print/", desk_checks.paper, name="room-check-print"),
    path("rooms/<int:pk>/", desk_rooms.room, name="room"),
    path("rooms/<int:pk>/edit/", desk_rooms.edit, name="room-edit"),
    path("rooms/<int:pk>/week/", desk_rooms.week, name="room-week"),
    path("rooms/<int:pk>/month/", desk_rooms.month, name="room-month"),
    path("rooms/<int:pk>/close/", desk_rooms.close, name="room-close"),
    path("rooms/<int:pk>/reopen/", desk_rooms.reopen, name="room-reopen"),
    path("rooms/<int:pk>/keys/", desk_rooms.keys, name="room-keys"),
    path("rooms/<int:pk>/keys/back/", desk_rooms.keys_back, name="room-keys-back"),
    path("rooms/<int:pk>/photo/", desk_photo.photo, name="room-photo"),
    path("rooms/<int:pk>/photo/remove/", desk_photo.remove, name="room-photo-remove"),
    path("rooms/<int:pk>/photo.jpg", desk_photo.picture, name="room-photo-shown"),
    path("rooms/<int:pk>/calendar/renew/", desk_rooms.calendar_renew, name="room-calendar-renew"),
    path("rooms/<int:pk>/calendar/stop/", desk_rooms.calendar_stop, name="room-calendar-stop"),
]
