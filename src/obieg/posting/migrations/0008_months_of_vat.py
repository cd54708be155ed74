"""The month of deducting VAT apart from that of the cost, and the account on which it waits."""

from django.db import migrations, models

ACCOUNT = """
INSERT INTO posting_account (client_id, number, name, active, cost_percent, rest_account)
SELECT client_id, '221-4', 'VAT naliczony do rozliczenia w innym okresie', TRUE, 100, ''
FROM posting_account JOIN office_client ON office_client.id = client_id
WHERE number = '221-1' AND accounting_form = 'full_books'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("posting", "0007_cost_shares")]

    operations = [
        migrations.AddField(
            model_name="dekret",
            name="vat_month",
            field=models.DateField(null=True, verbose_name="okres VAT"),
        ),
        migrations.AddIndex(
            model_name="dekret",
            index=models.Index(
                condition=models.Q(("vat_month__isnull", False)),
                fields=["client", "vat_month"],
                name="dekret_vat_month",
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="deferred_vat_account",
            field=models.CharField(
                db_default="221-4",
                default="221-4",
                max_length=40,
                verbose_name="VAT naliczony w innym okresie",
            ),
        ),
        migrations.RunSQL(ACCOUNT, migrations.RunSQL.noop),
    ]
