"""Letting another system in: an OAuth client, its service user, its duty and what it may ask for."""

from collections.abc import Iterable
from typing import Any

from oauth2_provider.models import Application
from oauth2_provider.scopes import SettingsScopes
from oauth2_provider.settings import oauth2_settings

from communities.models import Community, Duty, SubDistrict, User
from core.refusals import BadInput, Refused
from core.verbs import verb
from integrations.models import AllowedScope


class ClientExists(Refused):
    code = "client_exists"
    message = "已经有同名的接口账号，什么都没有改动。请换一个名字。"


class UnknownScope(BadInput):
    code = "unknown_scope"
    message = "没有这个授权范围，什么都没有改动。请从接口文档里选择。"


@verb({"communities_user_username_key": lambda _: ClientExists()})
def admit(
    *, client_id: str, client_secret: str, name: str, username: str, place: Community | SubDistrict,
    scopes: Iterable[str],
) -> Application:  # fmt: skip
    """A client with a service user of its own, whose duty is `place` and who may ask for `scopes`. The secret is hashed.

    Refuses `ClientExists` and `UnknownScope`.
    """
    asked = set(scopes)
    if not asked <= set(oauth2_settings.SCOPES):
        raise UnknownScope
    if Application.objects.filter(client_id=client_id).exists():
        raise ClientExists
    user = User.objects.create_user(username, kind=User.Kind.SERVICE, name=name)
    where = {"community": place} if isinstance(place, Community) else {"sub_district": place}
    Duty.objects.create(user=user, role=Duty.Role.CLIENT, **where)
    client = Application.objects.create(
        client_id=client_id, client_secret=client_secret, name=name, user=user,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )  # fmt: skip
    AllowedScope.objects.bulk_create(AllowedScope(client=client, scope=scope) for scope in sorted(asked))
    return client


class AllowedScopes(SettingsScopes):  # type: ignore[misc]
    """OAUTH2_PROVIDER's SCOPES_BACKEND_CLASS: each client has its own list; asking for none asks for all of it."""

    def get_available_scopes(self, application: Any = None, request: Any = None, *_: Any, **__: Any) -> list[str]:
        allowed = AllowedScope.objects.filter(client=application).order_by("scope")
        return list(allowed.values_list("scope", flat=True))

    def get_default_scopes(self, application: Any = None, request: Any = None, *_: Any, **__: Any) -> list[str]:
        return self.get_available_scopes(application)
