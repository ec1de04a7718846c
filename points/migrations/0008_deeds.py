from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("points", "0007_moves_are_booked")]
    operations = [install("points/sql/0018_deeds.sql")]
