"""The pace of callers, in a table that no crash needs to bring back."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("logins", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("subject", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("paid_until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE logins_pace SET UNLOGGED", "ALTER TABLE logins_pace SET LOGGED"
        ),
    ]
