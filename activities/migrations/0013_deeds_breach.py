from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("activities", "0012_sheet_lasted")]
    operations = [install("activities/sql/0010_deeds.sql", undo="DROP VIEW activities_deeds_breach")]
