from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_absent"), ("communities", "0016_numbers")]
    operations = [install("activities/sql/0003_closed.sql")]
