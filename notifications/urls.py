"""消息: the resident's page and the staff member's."""

from django.urls import URLPattern, path

from notifications import desk, templates_desk, views

app_name = "notifications"

urlpatterns: list[URLPattern] = [path("", views.my_inbox, name="inbox")]
desk_patterns: list[URLPattern] = [
    path("messages/", desk.messages, name="messages"),
    path("messages/templates/<int:street>/", templates_desk.overview, name="sms-templates"),
    path("messages/templates/<int:street>/<slug:code>/", templates_desk.register, name="sms-template"),
]
