"""Addresses of the days: the family's (/childcare/), the desk's (/desk/care/), the centre's (/care/)."""

from django.urls import URLPattern, path

from childcare.centre import alarms, group, paper, today
from childcare.desk import days as desk_days
from childcare.views import days

family: list[URLPattern] = [
    path("children/<int:pk>/days/", days.child, name="days"),
    path("places/<int:pk>/leave/", days.stay_away, name="leave"),
    path("places/<int:pk>/leave/back/", days.come_after_all, name="leave-back"),
]
desk: list[URLPattern] = [
    path("care/days/", desk_days.month, name="care-days"),
    path("care/days/export/", desk_days.export, name="care-days-export"),
    path("care/days/paper/", desk_days.paper, name="care-days-paper"),
    path("care/days/handovers/", desk_days.handovers, name="care-days-handovers"),
    path("care/alarms/", desk_days.alarms, name="care-alarms"),
    path("care/alarms/<int:pk>/", desk_days.alarm, name="care-alarm"),
    path("care/alarms/<int:pk>/call/", desk_days.write, name="care-alarm-call"),
    path("care/alarms/<int:pk>/close/", desk_days.close, name="care-alarm-close"),
    path("care/alarms/<int:pk>/hold/", desk_days.hold, name="care-alarm-hold"),
    path("care/alarms/<int:pk>/reopen/", desk_days.reopen, name="care-alarm-reopen"),
    path("care/lates/", desk_days.lates, name="care-lates"),
    path("care/lates/<int:pk>/excuse/", desk_days.excuse, name="care-late-excuse"),
]
centre: list[URLPattern] = [
    path("", today.today, name="today"),
    path("choose/", today.choose, name="choose"),
    path("more/", today.more, name="more"),
    path("roster/", today.roster, name="roster"),
    path("groups/<int:pk>/", group.group, name="group"),
    path("groups/<int:pk>/roll/", group.roll, name="roll"),
    path("groups/<int:pk>/paper/", paper.entry, name="paper"),
    path("groups/<int:pk>/sheet/", paper.sheet, name="sheet"),
    path("rolls/<int:pk>/", group.rolled, name="rolled"),
    path("places/<int:pk>/", group.child, name="child"),
    path("places/<int:pk>/arrive/", group.arrive, name="arrive"),
    path("places/<int:pk>/arrive/more/", group.arrive_with, name="arrive-with"),
    path("places/<int:pk>/arrive/undo/", group.undo, name="arrive-undo"),
    path("places/<int:pk>/away/", group.away, name="away"),
    path("places/<int:pk>/away/back/", group.not_away, name="away-back"),
    path("places/<int:pk>/leave/back/", group.leave_back, name="leave-back"),
    path("places/<int:pk>/leave/", group.stay_away, name="leave"),
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/<int:pk>/", alarms.alarm, name="alarm"),
    path("alarms/<int:pk>/call/", alarms.write, name="alarm-call"),
    path("alarms/<int:pk>/close/", alarms.close, name="alarm-close"),
    path("alarms/<int:pk>/hold/", alarms.hold, name="alarm-hold"),
    path("alarms/<int:pk>/reopen/", alarms.reopen, name="alarm-reopen"),
]
