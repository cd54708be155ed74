"""How much of a cost on an account is a cost of income tax."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("posting", "0006_outside_purchases")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="cost_percent",
            field=models.PositiveSmallIntegerField(
                db_default=100,
                default=100,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="koszt podatkowy %",
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="rest_account",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="reszta na konto",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost_percent__lte", 100)), name="account_cost_share"
            ),
        ),
    ]
