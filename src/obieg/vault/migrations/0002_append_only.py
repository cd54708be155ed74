"""The log of uses can be added to, and nothing else."""

from django.db import migrations

TRIGGERS = """
CREATE TRIGGER vault_use_no_change BEFORE UPDATE OR DELETE ON vault_credentialuse
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vault_use_no_truncate BEFORE TRUNCATE ON vault_credentialuse
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER vault_use_no_change ON vault_credentialuse;
DROP TRIGGER vault_use_no_truncate ON vault_credentialuse;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("office", "0002_append_only")]

    operations = [
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
