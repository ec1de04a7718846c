from django.db import migrations

from core.sql import install


class Migration(migrations.Migration):
    dependencies = [("points", "0006_moves")]
    operations = [
        install("points/sql/0013_move.sql"),
        install("points/sql/0014_carry.sql"),
        install("points/sql/0015_fold.sql"),
        install("points/sql/0016_square.sql"),
        install("points/sql/0017_breach.sql"),
    ]
