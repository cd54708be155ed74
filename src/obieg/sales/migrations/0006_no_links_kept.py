"""An ended session keeps no links for uploading."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sales", "0005_offline")]

    operations: ClassVar = [
        migrations.RunSQL(
            "UPDATE sales_ksefsession SET manifest = '{}' WHERE state IN ('done', 'failed')",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="ksefsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["done", "failed"]), _negated=True),
                    ("manifest", {}),
                    _connector="OR",
                ),
                name="ended_session_keeps_no_links",
            ),
        ),
    ]
