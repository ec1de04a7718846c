from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("nightschool", "0008_absence_notices")]
    operations = [install("nightschool/sql/0010_enrol_strictly.sql")]
