import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.clock
from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("communities", "0015_masks")]
    operations = [
        migrations.CreateModel(
            name="FormerNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=core.clock.now, verbose_name="换号时间")),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_numbers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="工作人员",
                    ),
                ),
            ],
        ),
        install("communities/sql/0004_numbers.sql"),
        install("communities/sql/0005_closed.sql"),
        install("communities/sql/0006_duty_log.sql"),
    ]
