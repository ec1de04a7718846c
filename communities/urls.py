"""Addresses of signing in and of oneself; `desk_patterns` stand under /desk/."""

from django.urls import path, re_path

from communities.desk import account, appeals as desk_appeals, door as desk_door, holidays, home, residents, settings
from communities.views import appeals, door, joining, me

ABOUT = r"(?P<about>[a-z_]{1,30}:[0-9]{1,18})"

urlpatterns = [
    path("sign-in/", door.sign_in, name="sign-in"),
    path("sign-in/code/", door.sign_in_code, name="sign-in-code"),
    path("sign-in/name/", door.sign_in_name, name="sign-in-name"),
    path("sign-in/not-mine/", door.not_mine, name="not-mine"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("join/", joining.join, name="join"),
    path("choose/", joining.choose, name="choose"),
    path("me/", me.me, name="me"),
    path("me/phone/", me.new_phone, name="me-phone"),
    path("me/phone/code/", me.new_phone_code, name="me-phone-code"),
    path("appeals/", appeals.mine, name="appeals"),
    re_path(rf"^appeals/{ABOUT}/$", appeals.appeal, name="appeal"),
    path("size/", me.size, name="size"),
    path("privacy/", me.privacy, name="privacy"),
]

desk_patterns = [
    path("", home.home, name="home"),
    path("sign-in/", desk_door.sign_in, name="sign-in"),
    path("sign-in/code/", desk_door.sign_in_code, name="sign-in-code"),
    path("sign-out/", desk_door.sign_out, name="sign-out"),
    path("password/", account.password, name="password"),
    path("second-factor/", account.second_factor, name="second-factor"),
    path("second-factor/start/", account.second_factor_start, name="second-factor-start"),
    path("second-factor/remove/", account.second_factor_remove, name="second-factor-remove"),
    path("residents/", residents.residents, name="residents"),
    path("residents/confirm/", residents.confirm_many, name="residents-confirm"),
    path("residents/<int:pk>/", residents.resident, name="resident"),
    path("residents/<int:pk>/confirm/", residents.confirm, name="resident-confirm"),
    path("residents/<int:pk>/decline/", residents.decline, name="resident-decline"),
    path("residents/<int:pk>/move/", residents.move, name="resident-move"),
    path("residents/<int:pk>/release/", residents.release, name="resident-release"),
    re_path(rf"^residents/(?P<pk>[0-9]{{1,18}})/appeals/{ABOUT}/$", desk_appeals.file, name="appeal-file"),
    path("appeals/", desk_appeals.appeals, name="appeals"),
    path("appeals/<int:pk>/", desk_appeals.appeal, name="appeal"),
    path("settings/", settings.overview, name="settings"),
    path("settings/<int:street>/holidays/", holidays.holidays, name="holidays"),
    path("settings/<int:street>/holidays/<int:pk>/remove/", holidays.remove, name="holiday-remove"),
    path("settings/<int:street>/<str:key>/", settings.change, name="setting"),
]
