"""Purchases from outside KSeF; on which document a seller's account was seen first."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("posting", "0005_periods_with_reasons"),
    ]

    operations = [
        migrations.AddField(
            model_name="selleraccount",
            name="invoice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="inbox.invoice",
            ),
        ),
        migrations.CreateModel(
            name="OutsidePurchase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=256, verbose_name="numer")),
                ("digits", models.CharField(editable=False, max_length=256)),
                (
                    "seller_nip",
                    models.CharField(blank=True, max_length=50, verbose_name="NIP sprzedawcy"),
                ),
                (
                    "seller_name",
                    models.CharField(blank=True, max_length=512, verbose_name="sprzedawca"),
                ),
                ("issue_date", models.DateField(verbose_name="data wystawienia")),
                (
                    "gross",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="brutto"),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="uwaga")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "do sprawdzenia"),
                            ("different", "to różne dokumenty"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inbox.invoice",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "digits"], name="outside_by_number"),
                ],
            },
        ),
    ]
