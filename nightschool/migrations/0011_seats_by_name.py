from django.db import migrations, models

from core.sql import install

OLD, NEW = "course_online_seats", "course_seats_online"
ONLINE = models.Q(("online__lte", models.F("taken")), ("online__lte", models.F("capacity") - models.F("held")))
RENAME = "ALTER TABLE nightschool_course RENAME CONSTRAINT {} TO {}"
# An option that no page has told of, and that nobody asked where applications are drawn or approved.
FIRST_COME = (
    "UPDATE nightschool_course SET own_first = false, one_each_until = NULL WHERE mode <> 'first' AND status <> 'draft'"
)


class Migration(migrations.Migration):
    dependencies = [("nightschool", "0010_draw")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(RENAME.format(OLD, NEW), RENAME.format(NEW, OLD))],
            state_operations=[
                migrations.RemoveConstraint(model_name="course", name=OLD),
                migrations.AddConstraint(
                    model_name="course", constraint=models.CheckConstraint(condition=ONLINE, name=NEW)
                ),
            ],
        ),
        install("nightschool/sql/0012_one_each.sql"),
        migrations.RunSQL(FIRST_COME, migrations.RunSQL.noop),
    ]
