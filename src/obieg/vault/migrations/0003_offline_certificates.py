import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0003_operator_role"),
        ("vault", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Enrolment",
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
                    "usage",
                    models.CharField(
                        choices=[
                            ("authentication", "Logowanie do KSeF"),
                            ("offline", "Certyfikat Offline"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "name",
                    models.CharField(max_length=100, unique=True, verbose_name="nazwa w KSeF"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Zlecony"),
                            ("asking", "Wysyłany"),
                            ("sent", "W KSeF"),
                            ("done", "Certyfikat w sejfie"),
                            ("refused", "Nieudany"),
                        ],
                        default="new",
                        max_length=8,
                        verbose_name="stan",
                    ),
                ),
                ("sealed_key", models.BinaryField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("reference", models.CharField(blank=True, max_length=64)),
                (
                    "serial",
                    models.CharField(blank=True, max_length=40, verbose_name="numer certyfikatu"),
                ),
                ("error_text", models.TextField(blank=True, verbose_name="odpowiedź")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="credential",
            name="one_active_credential",
        ),
        migrations.AddField(
            model_name="credential",
            name="usage",
            field=models.CharField(
                choices=[
                    ("authentication", "Logowanie do KSeF"),
                    ("offline", "Certyfikat Offline"),
                ],
                default="authentication",
                max_length=16,
                verbose_name="przeznaczenie",
            ),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("client", "environment", "usage"),
                name="one_active_credential",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.client"
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="credential",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vault.credential",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="office.client",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["new", "asking", "sent"])),
                fields=("client", "environment", "usage"),
                name="one_enrolment_at_once",
            ),
        ),
    ]
