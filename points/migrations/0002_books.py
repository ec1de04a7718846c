from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("points", "0001_initial")]
    operations = [
        install("points/sql/0001_append_only.sql"),
        install("points/sql/0002_post.sql"),
        install("points/sql/0003_reverse.sql"),
        install("points/sql/0004_breach.sql"),
    ]
