import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0006_hours_kept"),
        ("communities", "0009_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="participation",
            name="absent_at",
            field=models.DateTimeField(null=True, verbose_name="标记未到场时间"),
        ),
        migrations.AddField(
            model_name="participation",
            name="absent_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="标记人",
            ),
        ),
        install("activities/sql/0008_reporting.sql", undo="DROP TRIGGER log_unreported ON activities_service"),
    ]
