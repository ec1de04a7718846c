from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("points", "0004_books_grow")]
    operations = [install("points/sql/0012_adjustments.sql")]
