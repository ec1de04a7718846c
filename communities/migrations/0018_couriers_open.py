from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("communities", "0017_couriers")]

    operations = [install("communities/sql/0007_couriers.sql")]
