from django.urls import path

from activities.desk import activities as desk
from activities.views import offers as views

app_name = "activities"
urlpatterns = [
    path("", views.offers, name="list"),
    path("mine/", views.mine, name="mine"),
    path("<int:activity_id>/", views.detail, name="detail"),
    path("<int:activity_id>/sign-up/", views.sign_up, name="sign-up"),
    path("<int:activity_id>/withdraw/", views.withdraw, name="withdraw"),
]
desk_patterns = [
    path("activities/", desk.activities, name="activities"),
    path("activities/new/", desk.new, name="activity-new"),
    path("activities/<int:activity_id>/", desk.activity, name="activity"),
    path("activities/<int:activity_id>/add/", desk.add, name="activity-add"),
    path("activities/<int:activity_id>/record/", desk.record, name="activity-record"),
    path("activities/<int:activity_id>/absent/", desk.absent, name="activity-absent"),
    path("activities/<int:activity_id>/confirm/", desk.confirm, name="activity-confirm"),
    path("activities/<int:activity_id>/call-off/", desk.call_off, name="activity-call-off"),
]
