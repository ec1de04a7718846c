from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("nightschool", "0009_enrol_strictly")]
    operations = [install("nightschool/sql/0011_draw.sql")]
