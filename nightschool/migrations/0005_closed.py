from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("nightschool", "0004_purse"), ("communities", "0016_numbers")]
    operations = [install("nightschool/sql/0004_closed.sql")]
