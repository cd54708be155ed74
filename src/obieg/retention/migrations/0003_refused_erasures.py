"""An erasure that was not carried out stands in the way of no other."""

from django.db import migrations, models

STATES = [
    ("queued", "czeka"),
    ("erasing", "w toku"),
    ("done", "wykonane"),
    ("refused", "nie wykonano"),
]


class Migration(migrations.Migration):
    dependencies = [("retention", "0002_what_the_database_lets_go")]

    operations = [
        migrations.RemoveConstraint("erasure", "one_erasure_at_once"),
        migrations.RemoveConstraint("erasure", "erased_once"),
        migrations.AlterField(
            "erasure",
            "state",
            models.CharField(choices=STATES, default="queued", max_length=8, verbose_name="stan"),
        ),
        migrations.AddConstraint(
            "erasure",
            models.UniqueConstraint(
                condition=~models.Q(state__in=["done", "refused"]),
                fields=("client",),
                name="one_erasure_at_once",
            ),
        ),
        migrations.AddConstraint(
            "erasure",
            models.UniqueConstraint(
                condition=models.Q(reach="all") & ~models.Q(state="refused"),
                fields=("client",),
                name="erased_once",
            ),
        ),
    ]
