"""The house's addresses as they are with DEMO=1."""

from django.urls import include, path

from config.urls import handler404, urlpatterns as house

__all__ = ["handler404", "urlpatterns"]

urlpatterns = [path("demo/", include("demo.urls")), *house]
