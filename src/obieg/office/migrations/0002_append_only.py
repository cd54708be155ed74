"""The trail can be added to, and nothing else: the database itself refuses the rest."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TRIGGERS = """
CREATE TRIGGER office_event_no_change BEFORE UPDATE OR DELETE ON office_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER office_event_no_truncate BEFORE TRUNCATE ON office_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER office_event_no_change ON office_event;
DROP TRIGGER office_event_no_truncate ON office_event;
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
