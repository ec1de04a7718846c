"""The house itself, as author of what no person did (sweeps). It cannot sign in."""

from typing import Any

from django.db import migrations


def create(apps: Any, schema_editor: Any) -> None:
    users = apps.get_model("communities", "User").objects.using(schema_editor.connection.alias)
    users.create(username="system", kind="service", name="系统", password="!")


class Migration(migrations.Migration):
    # The library's own migrations hang on the user alone; with all tables of the house beside it each of them takes seconds.
    dependencies = [("communities", "0001_initial"), ("oauth2_provider", "0021_translatable_field_labels")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
