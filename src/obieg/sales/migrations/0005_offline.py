import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0001_initial"),
        ("office", "0003_operator_role"),
        ("sales", "0004_queue_of_sending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[
                            ("emulator", "Emulator"),
                            ("test", "Testowe"),
                            ("demo", "Przedprodukcyjne (demo)"),
                            ("production", "Produkcyjne"),
                        ],
                        max_length=16,
                        verbose_name="środowisko",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unavailable", "Niedostępność KSeF"),
                            ("failure", "Awaria KSeF"),
                            ("total_failure", "Awaria całkowita"),
                        ],
                        max_length=16,
                        verbose_name="rodzaj",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="początek")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="koniec")),
                (
                    "source",
                    models.CharField(
                        choices=[("lighthouse", "Latarnia"), ("operator", "wpisana ręcznie")],
                        max_length=12,
                        verbose_name="źródło",
                    ),
                ),
                ("event", models.BigIntegerField(null=True)),
                ("text", models.TextField(blank=True, verbose_name="komunikat")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SaleCodes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("invoice_link", models.TextField()),
                ("certificate_link", models.TextField()),
                ("serial", models.CharField(max_length=40, verbose_name="certyfikat")),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="sale",
            name="invoicing_mode",
            field=models.CharField(
                blank=True, default="", max_length=16, verbose_name="tryb w KSeF"
            ),
        ),
        migrations.AddIndex(
            model_name="sale",
            index=models.Index(
                condition=models.Q(("offline_mode", ""), _negated=True),
                fields=["offline_deadline"],
                name="sale_offline",
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="salecodes",
            name="sale",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="sales.sale"
            ),
        ),
        migrations.AddField(
            model_name="salecodes",
            name="signed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event__isnull", False)),
                fields=("environment", "event"),
                name="outage_announced_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"
                ),
                name="outage_ends_after_its_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="salecodes",
            constraint=models.UniqueConstraint(fields=("sale", "version"), name="sale_codes_once"),
        ),
    ]
