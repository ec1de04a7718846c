"""变更记录: who makes the changes of this transaction. The rows themselves are written by triggers (communities/sql)."""

from django.db import connection
from structlog.contextvars import get_contextvars

from communities.models import User
from communities.whereabouts import address


def by(user: User) -> None:
    """What follows in this transaction is written down as `user`'s, with the number of the request and where it came from.

    A verb that changes people, duties, consents, helpers, cards or settings calls it first; without it the change log says 系统.
    """
    bound = get_contextvars()
    said = [str(user.pk), str(bound.get("request_id", "")), address()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hehuoren.by', %s, true), set_config('hehuoren.request', %s, true),"
            " set_config('hehuoren.address', %s, true)",
            said,
        )
