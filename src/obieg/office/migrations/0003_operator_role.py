"""Operators get roles; those who saw every client become owners."""

from django.db import migrations, models


def owners(apps, schema_editor):  # noqa: ARG001  Django passes it
    apps.get_model("office", "Operator").objects.filter(sees_all_clients=True).update(role="owner")


class Migration(migrations.Migration):
    dependencies = [("office", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="role",
            field=models.CharField(
                choices=[
                    ("owner", "Właściciel"),
                    ("chief", "Główna księgowa"),
                    ("accountant", "Księgowa"),
                    ("sender", "Wystawiający i wysyłający"),
                    ("reader", "Tylko wgląd"),
                    ("technical", "Techniczny"),
                ],
                default="accountant",
                max_length=16,
                verbose_name="rola",
            ),
        ),
        migrations.RunPython(owners, migrations.RunPython.noop),
    ]
