from django.db import migrations, models


class Migration(migrations.Migration):
    """A slip names what was done: no column of before holds it, and no slip was written before."""

    dependencies = [("communities", "0013_import_texts")]

    operations = [
        migrations.AddField(
            model_name="slip",
            name="about",
            field=models.CharField(default="", max_length=40, verbose_name="所办"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", ""), _negated=True),
                    models.Q(("said", ""), _negated=True),
                    ("about__regex", "^[a-z]+:\\d+$"),
                ),
                name="slip_says_what_was_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="slip", constraint=models.UniqueConstraint(fields=("about", "act"), name="slip_once")
        ),
    ]
