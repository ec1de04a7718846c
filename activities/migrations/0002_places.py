from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial")]
    operations = [install("activities/sql/0001_places.sql")]
