from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("nightschool", "0003_called_off"), ("points", "0004_books_grow")]
    operations = [install("nightschool/sql/0003_purse.sql")]
