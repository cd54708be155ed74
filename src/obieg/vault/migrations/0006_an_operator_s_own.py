import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0005_identity_is_locked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WayChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            (
                                "auto",
                                "Automatycznie: własne klienta, a gdy go nie ma, certyfikat biura",
                            ),
                            ("own", "Tylko własne poświadczenie klienta"),
                            ("office", "Tylko certyfikat biura"),
                        ],
                        default="auto",
                        max_length=8,
                        verbose_name="sposób",
                    ),
                ),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="office.client",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="credential",
            name="operator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint(model_name="credential", name="one_active_credential"),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("client", "environment", "usage", "operator"),
                name="one_active_credential",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("operator", None), ("usage", "authentication"), _connector="OR"
                ),
                name="credential_of_an_operator_logs_in",
            ),
        ),
    ]
