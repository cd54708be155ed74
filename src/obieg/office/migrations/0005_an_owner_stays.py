"""An office always has an owner who can log in and sees every client: the database keeps one."""

from django.db import migrations

# Whoever takes a right from an owner waits for the other who does it at the same moment, and then
# sees what that one left.
FUNCTION = """
CREATE FUNCTION office_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('office_keep_an_owner'));
    IF NOT EXISTS (
        SELECT 1 FROM office_operator WHERE role = 'owner' AND is_active AND sees_all_clients
    ) THEN
        RAISE EXCEPTION 'the last owner of the office stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER office_operator_an_owner_stays AFTER UPDATE ON office_operator FOR EACH ROW
WHEN (OLD.role = 'owner' AND OLD.is_active AND OLD.sees_all_clients
      AND NOT (NEW.role = 'owner' AND NEW.is_active AND NEW.sees_all_clients))
EXECUTE FUNCTION office_keep_an_owner();
CREATE TRIGGER office_operator_an_owner_is_left AFTER DELETE ON office_operator FOR EACH ROW
WHEN (OLD.role = 'owner' AND OLD.is_active AND OLD.sees_all_clients)
EXECUTE FUNCTION office_keep_an_owner();
"""
UNDO = """
DROP TRIGGER office_operator_an_owner_stays ON office_operator;
DROP TRIGGER office_operator_an_owner_is_left ON office_operator;
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0004_cover")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION office_keep_an_owner()"),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
