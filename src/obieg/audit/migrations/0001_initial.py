"""Seals, append-only; and the ledger of calls, which takes an outcome once and nothing else."""

import django.utils.timezone
from django.db import migrations, models

TRIGGERS = """
CREATE TRIGGER audit_seal_no_change BEFORE UPDATE OR DELETE ON audit_seal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_settled_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND ((NEW.status, NEW.duration_ms) IS NOT DISTINCT FROM (OLD.status, OLD.duration_ms)
            OR (OLD.duration_ms IS NULL AND OLD.at > now() - interval '1 hour'))
       AND (NEW.id, NEW.environment, NEW.client_id, NEW.context, NEW."group", NEW.operation,
            NEW.credential_id, NEW.at)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.environment, OLD.client_id, OLD.context, OLD."group", OLD.operation,
            OLD.credential_id, OLD.at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a call in the ledger is settled' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER calls_ksefcall_settled BEFORE UPDATE OR DELETE ON calls_ksefcall
FOR EACH ROW EXECUTE FUNCTION refuse_settled_call();
CREATE TRIGGER calls_ksefcall_no_truncate BEFORE TRUNCATE ON calls_ksefcall
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER calls_ksefcall_no_truncate ON calls_ksefcall;
DROP TRIGGER calls_ksefcall_settled ON calls_ksefcall;
DROP FUNCTION refuse_settled_call();
DROP TRIGGER audit_seal_no_truncate ON audit_seal;
DROP TRIGGER audit_seal_no_change ON audit_seal;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0002_append_only"),
        ("vault", "0002_append_only"),
        ("calls", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("events_to", models.BigIntegerField()),
                ("uses_to", models.BigIntegerField()),
                ("calls_to", models.BigIntegerField()),
                ("records", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
