"""消息: the resident's page and the staff member's."""

from django.urls import URLPattern, path

from notifications import desk, templates_desk, views

app_name = "notifications"

urlpatterns: list[URLPattern] = [path("", views.my_inbox, name="inbox")]
desk_patterns: list[URLPattern] = [
    path("messages/", desk.messages, name="messages"),
    path("messages/sent/", desk.sent, name="sent"),
    path("messages/sent/export/", desk.sent_export, name="sent-export"),
    path("messages/undelivered/", desk.undelivered, name="undelivered"),
    path("messages/<int:pk>/send-again/", desk.send_again, name="message-send-again"),
    path("messages/<int:pk>/settle/", desk.settle, name="message-settle"),
    path("messages/<int:pk>/ask/", desk.ask, name="message-ask"),
    path("messages/cost/<int:pk>/", desk.cost, name="message-cost"),
    path("messages/cost/<int:pk>/export/", desk.cost_export, name="message-cost-export"),
    path("messages/templates/<int:street>/", templates_desk.overview, name="sms-templates"),
    path("messages/templates/<int:street>/<slug:code>/", templates_desk.register, name="sms-template"),
]
