"""Following T-689/24 is the office's decision; a client may differ."""

from django.db import migrations, models

WORDS = "odliczenie także, gdy faktura przyszła przed złożeniem deklaracji"
# "no" was the only default there was: nobody had to choose it
AS_THE_OFFICE = """
UPDATE posting_profile SET deducts_before_filing = NULL WHERE NOT deducts_before_filing
"""
BACK = """
UPDATE posting_profile SET deducts_before_filing = FALSE WHERE deducts_before_filing IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("posting", "0009_vehicle_share")]

    operations = [
        migrations.CreateModel(
            name="OfficeBooks",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deducts_before_filing", models.BooleanField(default=False, verbose_name=WORDS)),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("only", True)), name="one_office_books"
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="profile",
            name="deducts_before_filing",
            field=models.BooleanField(
                blank=True,
                choices=[(None, "jak w całym biurze"), (True, "tak"), (False, "nie")],
                default=None,
                null=True,
                verbose_name=WORDS,
            ),
        ),
        migrations.RunSQL(AS_THE_OFFICE, BACK),
    ]
