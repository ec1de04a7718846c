from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("points", "0003_sums_rules_debts"), ("communities", "0002_system_user")]
    operations = [
        install("points/sql/0005_rules.sql"),
        install("points/sql/0006_post.sql"),
        install("points/sql/0007_award.sql"),
        install("points/sql/0008_purse.sql"),
        install("points/sql/0009_reverse.sql"),
        install("points/sql/0010_fold.sql"),
        install("points/sql/0011_breach.sql"),
    ]
