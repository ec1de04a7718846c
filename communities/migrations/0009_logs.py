from django.db import migrations
from pypinyin import Style, lazy_pinyin

from core.sql import install


def fill_initials(apps, schema_editor):
    residents = apps.get_model("communities", "Resident").objects.using(schema_editor.connection.alias)
    changed = []
    for resident in residents.filter(initials="").only("pk", "name").iterator():
        resident.initials = "".join(lazy_pinyin(resident.name, style=Style.FIRST_LETTER))[:40]
        changed.append(resident)
    residents.bulk_update(changed, ["initials"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("communities", "0008_people_counter_notice")]
    operations = [
        migrations.RunPython(fill_initials, migrations.RunPython.noop),
        install("communities/sql/0001_logs.sql"),
    ]
