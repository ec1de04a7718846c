from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [
        ("nightschool", "0001_initial"),
        ("notifications", "0001_initial"),
        ("points", "0002_books"),
    ]
    operations = [install("nightschool/sql/0001_seats.sql"), install("nightschool/sql/0002_enrol.sql")]
