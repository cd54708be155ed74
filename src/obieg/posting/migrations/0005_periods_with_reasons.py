"""Why a dekret is in its month, and whether the client deducts before filing (T-689/24)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("posting", "0004_lessons")]

    operations = [
        migrations.AddField(
            model_name="dekret",
            name="period_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="dlaczego ten okres"
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="deducts_before_filing",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="odliczenie także, gdy faktura przyszła przed złożeniem deklaracji",
            ),
        ),
    ]
