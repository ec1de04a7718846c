import django.db.models.deletion
from django.db import migrations, models

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0014_recorded_lately"),
        ("nightschool", "0006_terms_line_and_draw"),  # classes take their rooms first
        ("venues", "0002_rooms_and_bookings"),
    ]
    operations = [
        migrations.AddField(
            model_name="activity",
            name="booking",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="venues.booking",
                verbose_name="活动室占用",
            ),
        ),
        install("activities/sql/0011_rooms.sql", undo="DROP VIEW activities_rooms_breach"),
    ]
