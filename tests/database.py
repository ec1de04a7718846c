"""Tests log in as `app`, as the product does; the owner creates, migrates, resets and drops the test database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from config.settings import database

ALIAS = "default"
Login = dict[str, object]


def login(url: str) -> Login:
    found = database(url)
    return {"USER": found["USER"], "PASSWORD": found["PASSWORD"]}


APP, OWNER = login(os.environ["DATABASE_URL"]), login(os.environ["DATABASE_OWNER_URL"])

# Production takes CONNECT and TEMP from everyone as well (config/embedded/postgres.py, deploy/postgres-roles.sh).
CLOSE = """
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO app', current_database());
END $$;
"""
SNAPSHOT = """
DROP SCHEMA IF EXISTS test_seed CASCADE;
CREATE SCHEMA test_seed;
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
    EXECUTE format('CREATE TABLE test_seed.%1$I AS TABLE public.%1$I', t);
  END LOOP;
END $$;
"""
# Only tables that hold or held a row are touched. Append-only triggers are off for the owner while it puts back.
RESET = """
SET LOCAL lock_timeout = '10s';
DO $$ DECLARE t text; hit boolean; cols text; dirty text[] := '{}'; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'test_seed' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%1$I) OR EXISTS (SELECT 1 FROM test_seed.%1$I)', t) INTO hit;
    IF hit THEN
      dirty := dirty || t;
      EXECUTE format('ALTER TABLE public.%I DISABLE TRIGGER USER', t);
      EXECUTE format('DELETE FROM public.%I', t);
    END IF;
  END LOOP;
  FOREACH t IN ARRAY dirty LOOP
    SELECT string_agg(quote_ident(column_name), ',') INTO cols FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = t AND is_generated = 'NEVER';
    EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM test_seed.%1$I', t, cols);
  END LOOP;
  SET CONSTRAINTS ALL IMMEDIATE;
  FOREACH t IN ARRAY dirty LOOP EXECUTE format('ALTER TABLE public.%I ENABLE TRIGGER USER', t); END LOOP;
END $$;
"""


def become(who: Login) -> None:
    """From now on this whole process, its threads and live servers included, logs in as `who`."""
    connections[ALIAS].close()
    connections[ALIAS].settings_dict.update(who)


@contextmanager
def as_owner() -> Iterator[BaseDatabaseWrapper]:
    """`default` is the owner, in this thread only. Not inside atomic(), so for transactional tests only."""
    app = connections[ALIAS]
    assert not app.in_atomic_block, "as_owner() needs @pytest.mark.django_db(transaction=True)"
    owner = app.copy()
    owner.settings_dict.update(OWNER)
    connections[ALIAS] = owner
    try:
        yield owner
    finally:
        owner.close()
        connections[ALIAS] = app


def begin_with(template: str) -> None:
    """The test database is a copy of `template`, with nothing left to migrate."""
    connections[ALIAS].settings_dict["TEST"] |= {"TEMPLATE": template, "MIGRATE": False}


def close() -> None:
    """As the owner, once: production's grants on the database, which no copy brings along."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(CLOSE)


def reset() -> None:
    """Put every table back to what the migrations left."""
    with as_owner() as connection, transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        cursor.execute(RESET)


def url_of_test_database(who: Login = APP) -> str:
    """The address of this process's test database, for children such as a Celery worker."""
    now = settings.DATABASES[ALIAS]
    user, password, name = (quote(str(part), safe="") for part in (who["USER"], who["PASSWORD"], now["NAME"]))
    port = f"&port={now['PORT']}" if now["PORT"] else ""
    return f"postgresql://{user}:{password}@/{name}?{urlencode({'host': now['HOST']})}{port}"
