"""The database itself says what an erasure may delete and empty: no other statement can."""

from django.db import migrations

# The books stay append-only but for the client of an erasure that is being carried out and before
# which nothing had to stay any more.
BOOKS = """
CREATE FUNCTION is_being_erased(client bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM retention_erasure e
                    WHERE e.client_id = client AND e.state = 'erasing' AND e.reach = 'all'
                      AND e.kept_until < current_date)
$$;
CREATE FUNCTION refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE client bigint;
BEGIN
    IF TG_TABLE_NAME = 'posting_voucher' THEN
        client := (to_jsonb(OLD) ->> 'client_id')::bigint;
    ELSE
        SELECT v.client_id INTO client FROM posting_voucher v
         WHERE v.id = (to_jsonb(OLD) ->> 'voucher_id')::bigint;
    END IF;
    IF is_being_erased(client) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TABLE = """
DROP TRIGGER {table}_no_change ON {table};
CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_erased BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased();
"""
UNDO_TABLE = """
DROP TRIGGER {table}_erased ON {table};
DROP TRIGGER {table}_no_change ON {table};
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
TRAIL = """
CREATE OR REPLACE FUNCTION may_redact(entry office_event) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (entry.client_id IS NOT NULL AND is_being_erased(entry.client_id))
        OR (entry.thing = 'office.operator' AND EXISTS (
               SELECT 1 FROM retention_departure d WHERE d.operator_id = entry.thing_id))
$$;
"""
UNDO_TRAIL = """
CREATE OR REPLACE FUNCTION may_redact(entry office_event) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT false
$$;
"""
UNDO_BOOKS = """
DROP FUNCTION refuse_unless_erased();
DROP FUNCTION is_being_erased(bigint);
"""
TABLES = (
    "posting_voucher",
    "posting_journalentry",
    "posting_registerentry",
    "posting_bookentry",
)


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_initial"),
        ("audit", "0002_what_may_go"),
        ("posting", "0003_append_only"),
    ]

    operations = [
        migrations.RunSQL(BOOKS, UNDO_BOOKS),
        *(
            migrations.RunSQL(TABLE.format(table=table), UNDO_TABLE.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(TRAIL, UNDO_TRAIL),
    ]
