"""The slots of our address, taken by calls."""

from typing import ClassVar

from django.db import migrations, models

ENVIRONMENTS = [
    ("emulator", "Emulator"),
    ("test", "Testowe"),
    ("demo", "Przedprodukcyjne (demo)"),
    ("production", "Produkcyjne"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("calls", "0002_ends_and_renewals")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AddressSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("environment", models.CharField(choices=ENVIRONMENTS, max_length=16)),
                ("number", models.PositiveSmallIntegerField()),
                ("free_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("environment", "number"), name="one_address_slot"
                    )
                ]
            },
        ),
    ]
