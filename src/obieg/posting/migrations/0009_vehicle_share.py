"""The share of a car's cost is its account's; the one of the vehicle was never reckoned with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("posting", "0008_months_of_vat")]

    operations = [
        migrations.RemoveConstraint(model_name="vehicle", name="vehicle_shares"),
        migrations.RemoveField(model_name="vehicle", name="cost_percent"),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.CheckConstraint(
                condition=models.Q(("vat_percent__lte", 100)), name="vehicle_share"
            ),
        ),
    ]
