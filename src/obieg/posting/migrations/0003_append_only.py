"""The journal can be added to, and nothing else: what was wrong is reversed."""

from django.db import migrations

TABLES = (
    "posting_voucher",
    "posting_journalentry",
    "posting_registerentry",
    "posting_bookentry",
)
TRIGGER = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = "DROP TRIGGER {table}_no_change ON {table};"


class Migration(migrations.Migration):
    dependencies = [
        ("posting", "0002_books_journal_rules"),
        ("office", "0002_append_only"),
    ]

    operations = [
        migrations.RunSQL(TRIGGER.format(table=table), UNDO.format(table=table)) for table in TABLES
    ]
