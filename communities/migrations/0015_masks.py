from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("communities", "0014_slips")]
    operations = [install("communities/sql/0003_masks.sql")]
