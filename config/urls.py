"""The house's table of contents. Each app says its own addresses; staff pages of all apps share the `desk` namespace.

Add an app: `path("activities/", include("activities.urls"))` below, and its staff pages with `*activities_urls.desk_patterns`.
"""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from activities import urls as activities_urls
from childcare import urls as childcare_urls
from communities import urls as communities_urls
from nightschool import urls as nightschool_urls
from nightschool.views import courses as nightschool_views
from notifications import urls as notifications_urls
from partners import urls as partners_urls
from points import urls as points_urls
from venues import urls as venues_urls

desk_patterns: list[URLPattern | URLResolver] = [
    *communities_urls.desk_patterns,
    *activities_urls.desk_patterns,
    *nightschool_urls.desk_patterns,
    *childcare_urls.desk_patterns,
    *partners_urls.desk_patterns,
    *venues_urls.desk_patterns,
    *points_urls.desk_patterns,
    *notifications_urls.desk_patterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("integrations.urls")),
    path("", nightschool_views.home, name="home"),
    path("", include(communities_urls)),
    path("", include(nightschool_urls)),
    path("points/", include(points_urls)),
    path("messages/", include("notifications.urls")),
    path("activities/", include(activities_urls)),
    *activities_urls.open_patterns,
    path("childcare/", include(childcare_urls)),
    path("care/", include((childcare_urls.centre_patterns, "care"))),
    path("rooms/", include(venues_urls)),
    *venues_urls.open_patterns,
    path("partners/", include(partners_urls)),
    path("gifts/", include((partners_urls.gift_patterns, "gifts"))),
    path("offers/", include((partners_urls.offer_patterns, "offers"))),
    path("vouchers/", include((partners_urls.voucher_patterns, "vouchers"))),
    *partners_urls.open_patterns,
    path("merchant/", include((partners_urls.merchant_patterns, "merchant"))),
    path("desk/", include((desk_patterns, "desk"))),
    *([path("demo/", include("demo.urls"))] if apps.is_installed("demo") else []),
    path("", include("config.health")),
]

# Below /api/ errors are JSON, elsewhere pages.
handler400 = "integrations.errors.bad_request"
handler404 = "integrations.errors.not_found"
handler500 = "integrations.errors.server_error"
