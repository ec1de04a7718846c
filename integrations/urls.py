"""/api/v1/: every app's viewsets, answered once where they move points or take a seat."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

import communities.api
import nightschool.api
import points.api
from integrations import views
from integrations.idempotency import answers_once

router = SimpleRouter(use_regex_path=False)
router.register("courses", nightschool.api.Courses, "course")
router.register("enrolments", answers_once(nightschool.api.Enrolments, "create", "cancel"), "enrolment")
router.register("residents", communities.api.Residents, "resident")
router.register("residents", points.api.Wallets, "wallet")
router.register("rules", points.api.Rules, "rule")
router.register("notices", communities.api.Notices, "notice")

app_name = "api"
urlpatterns = [
    path("oauth/token/", views.Token.as_view(), name="token"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", views.Docs.as_view(), name="docs"),
    path("", include(router.urls)),
    path("<path:rest>", views.unknown, name="unknown"),
]
