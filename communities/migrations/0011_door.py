from django.db import migrations, models

from core.sql import install

KNOWN = """
UPDATE communities_user SET second_factor_at = now()
WHERE id IN (SELECT user_id FROM otp_totp_totpdevice WHERE confirmed)
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0010_households_and_guardians"), ("otp_totp", "0003_add_timestamps")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="second_factor_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="两步验证开启时间"),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        install("communities/sql/0002_door.sql"),
    ]
