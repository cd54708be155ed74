import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0006_an_operator_s_own"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TokenRequest",
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
                ("mark", models.CharField(max_length=16, unique=True)),
                ("description", models.CharField(max_length=256, verbose_name="opis")),
                ("permissions", models.JSONField(default=list, verbose_name="uprawnienia")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("obieg", "dla Obiegu"), ("program", "dla innego programu")],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asking", "Wysyłany"),
                            ("pending", "Czeka na aktywację"),
                            ("done", "Gotowy"),
                            ("lost", "Nie dotarł; unieważniony w KSeF"),
                            ("refused", "Nieudany"),
                        ],
                        default="asking",
                        max_length=8,
                        verbose_name="stan",
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=64, verbose_name="numer w KSeF"),
                ),
                ("error_text", models.TextField(blank=True, verbose_name="odpowiedź")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.client",
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.credential",
                    ),
                ),
                (
                    "login",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.credential",
                    ),
                ),
            ],
        ),
    ]
