import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sales", "0003_api_token"),
    ]

    operations = [
        migrations.AddField(
            model_name="sale",
            name="accepted_in",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="sale",
            name="queued_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sale",
            name="queued_version",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="sale",
            name="queued_way",
            field=models.CharField(
                blank=True,
                choices=[("online", "sesja interaktywna"), ("batch", "sesja wsadowa")],
                default="",
                max_length=8,
            ),
        ),
    ]
