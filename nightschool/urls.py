"""夜校: residents' pages; `desk_patterns` stand under /desk/."""

from django.urls import URLPattern, path

from nightschool import desk, views

app_name = "nightschool"

urlpatterns: list[URLPattern] = [
    path("night-school/", views.courses, name="courses"),
    path("night-school/<int:course_id>/", views.course, name="course"),
    path("night-school/<int:course_id>/confirm/", views.confirm, name="confirm"),
    path("tickets/", views.my_tickets, name="tickets"),
    path("tickets/<int:number>/", views.my_ticket, name="ticket"),
    path("tickets/<int:number>/cancel/", views.cancel, name="cancel"),
    path("t/<slug:token>/", views.check, name="check"),
]

desk_patterns: list[URLPattern] = [
    path("night-school/", desk.course_list, name="courses"),
    path("night-school/new/", desk.course_new, name="course-new"),
    path("night-school/<int:course_id>/", desk.course, name="course"),
    path("night-school/<int:course_id>/close/", desk.course_close, name="course-close"),
    path("night-school/<int:course_id>/roster/", desk.course_roster, name="roster"),
    path("enrolments/", desk.enrolments, name="enrolments"),
    path("enrolments/export/", desk.enrolments_export, name="enrolments-export"),
    path("enrolments/cancel/", desk.enrolments_cancel, name="enrolments-cancel"),
]
