"""The house itself, as author of what no person did (sweeps). It cannot sign in."""

from typing import Any

from django.db import migrations


def create(apps: Any, schema_editor: Any) -> None:
    users = apps.get_model("communities", "User").objects.using(schema_editor.connection.alias)
    users.create(username="system", kind="service", name="系统", password="!")


class Migration(migrations.Migration):
    dependencies = [("communities", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
