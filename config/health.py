"""Two questions for whoever watches the house: is the process alive, and is it fit for traffic?"""

from collections.abc import Iterator

from django.conf import settings
from django.db import Error as DatabaseAway, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerDown

from communities import sealing
from points.folding import restored
from points.grants import weaknesses

PATIENCE = 2  # seconds for the broker; the database's are in DATABASES (connect_timeout)


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when traffic may come, else 503 with a plain list of what is missing. Never a secret, an address or a login."""
    wrong = list(failures())
    if wrong:
        return JsonResponse({"status": "unfit", "failures": wrong}, status=503)
    return JsonResponse({"status": "ok"})


def failures() -> Iterator[str]:
    """What keeps this process from serving; the broker is asked even when the database is away."""
    try:
        missing = list(migrations_missing())
        yield from missing
        if not missing and restored():
            yield "the books were restored from a dump: run migrate as the owner"
        yield from weaknesses()
        if not missing and not sealing.opens():
            yield "the data keys do not open what is sealed: see docs/keys.md"
    except DatabaseAway:
        yield "the database does not answer"
    yield from broker_away()


def migrations_missing() -> Iterator[str]:
    """Compares the files with what the database has recorded; writes nothing."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield f"{len(plan)} migrations are not applied"


def broker_away() -> Iterator[str]:
    """One short attempt to reach the broker."""
    patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=PATIENCE, transport_options=patience) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
    except (BrokerDown, OSError):
        yield "the broker does not answer"


urlpatterns = [
    path("healthz", alive, name="alive"),
    path("readyz", ready, name="ready"),
]
