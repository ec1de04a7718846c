"""积分: the resident's page."""

from django.urls import URLPattern, path

from points import views

app_name = "points"

urlpatterns: list[URLPattern] = [path("", views.my_statement, name="statement")]
