"""积分: the resident's page; `desk_patterns` stand under /desk/."""

from django.urls import URLPattern, path

from points import views
from points.desk import adjustments, moving, reconciliation, residents, rules

app_name = "points"

urlpatterns: list[URLPattern] = [
    path("", views.my_statement, name="statement"),
    path("export/", views.my_export, name="export"),
    path("passbook/", views.my_passbook, name="passbook"),
    path("purse/", views.my_purse, name="purse"),
    path("purse/join/", views.purse_join, name="purse-join"),
    path("purse/leave/", views.purse_leave, name="purse-leave"),
    path("rules/", views.rules, name="rules"),
]

desk_patterns: list[URLPattern] = [
    path("adjustments/", adjustments.adjustments, name="adjustments"),
    path("adjustments/new/", adjustments.find, name="adjustment-new"),
    path("adjustments/show/", adjustments.show, name="adjustments-show"),
    path("adjustments/<int:pk>/", adjustments.adjustment, name="adjustment"),
    path("adjustments/<int:pk>/approve/", adjustments.approve, name="adjustment-approve"),
    path("adjustments/<int:pk>/reject/", adjustments.reject, name="adjustment-reject"),
    path("adjustments/<int:pk>/settle/", adjustments.settle, name="adjustment-settle"),
    path("residents/move-in/", moving.find, name="move-in"),
    path("residents/move-in/take/", moving.take, name="move-in-take"),
    path("residents/<int:pk>/points/", adjustments.lines, name="resident-points"),
    path("residents/<int:pk>/points/adjust/", adjustments.adjust, name="resident-adjust"),
    path("residents/<int:pk>/points/<int:entry>/take-back/", adjustments.take_back, name="take-back"),
    path("residents/<int:pk>/passbook/", residents.paper, name="passbook"),
    path("residents/<int:pk>/points/export/", residents.file, name="points-export"),
    path("residents/<int:pk>/purse/", residents.shared, name="purse"),
    path("residents/<int:pk>/purse/join/", residents.join, name="purse-join"),
    path("residents/<int:pk>/purse/leave/", residents.leave, name="purse-leave"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/<int:street>/new/", rules.rule_new, name="rule-new"),
    path("rules/<int:street>/<slug:code>/", rules.rule, name="rule"),
    path("rules/<int:street>/<slug:code>/change/", rules.rule_change, name="rule-change"),
    path("rules/<int:street>/<slug:code>/withdraw/", rules.rule_withdraw, name="rule-withdraw"),
    path("books/", reconciliation.books, name="books"),
    path("books/<int:pk>/", reconciliation.community, name="books-community"),
    path("books/<int:pk>/export/", reconciliation.community_export, name="books-community-export"),
    path("books/street/<int:pk>/", reconciliation.sub_district, name="books-street"),
    path("books/street/<int:pk>/export/", reconciliation.sub_district_export, name="books-street-export"),
]
