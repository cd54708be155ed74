"""The few refused documents are found without reading the many."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sales", "0006_no_links_kept")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="sale",
            index=models.Index(
                condition=models.Q(("state", "rejected")),
                fields=["client", "-issue_date", "-id"],
                name="sale_rejected",
            ),
        ),
    ]
