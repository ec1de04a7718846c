from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0006_finance'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(condition=models.Q(('own_phone', ''), _negated=True), fields=('own_phone',), name='user_own_phone_once'),
        ),
    ]
