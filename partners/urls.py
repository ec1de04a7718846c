from django.urls import path

from partners import desk, views

app_name = "partners"
urlpatterns = [
    path("", views.partners, name="list"),
    path("<int:partner_id>/", views.partner, name="detail"),
]
desk_patterns = [
    path("partners/", desk.partners, name="partners"),
    path("partners/new/", desk.new, name="partner-new"),
    path("partners/<int:agreement_id>/", desk.agreement, name="agreement"),
    path("partners/<int:agreement_id>/end/", desk.end, name="agreement-end"),
]
