from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("nightschool", "0001_initial")]
    operations = [install("nightschool/sql/0001_seats.sql")]
