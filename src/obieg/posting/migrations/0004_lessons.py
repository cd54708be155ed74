"""What decisions taught is kept whole, instead of counts of texts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0002_append_only"),
        ("posting", "0003_append_only"),
    ]

    operations = [
        migrations.DeleteModel(name="Precedent"),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("purchase", "Zakup"),
                            ("sale", "Sprzedaż"),
                            ("other", "Inny udział"),
                        ],
                        max_length=8,
                    ),
                ),
                ("taught", models.JSONField()),
                ("withdrawn", models.BooleanField(default=False)),
                ("changed_in", models.BigIntegerField(db_index=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="office.client",
                    ),
                ),
                (
                    "dekret",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="posting.dekret",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["client", "direction", "-id"],
                        condition=models.Q(("withdrawn", False)),
                        name="lesson_of_client",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn", False)),
                        fields=("dekret",),
                        name="lesson_once",
                    )
                ],
            },
        ),
    ]
