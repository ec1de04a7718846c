"""Routes with a defect, for the tests of what then happens."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a defect of ours")


urlpatterns = [path("api/v1/broken/", broken), path("broken/", broken), path("", include("config.urls"))]
handler500 = "integrations.errors.server_error"
