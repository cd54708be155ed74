"""What KSeF knows a client by does not change while a credential is attached to it."""

from django.db import migrations

# An access that another's credential opened (the office's, the head's) is of the former context:
# it goes with it. Attaching takes a key lock of the client's row, changing a full one: they wait.
FUNCTION = """
CREATE FUNCTION vault_identity_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM vault_credential
        WHERE client_id = OLD.id AND shredded_at IS NULL AND (active OR on_trial)
    ) THEN
        RAISE EXCEPTION 'a credential is attached to this client'
            USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM vault_accessgrant WHERE client_id = OLD.id;
    RETURN NEW;
END $$;
CREATE TRIGGER vault_client_identity BEFORE UPDATE OF nip, internal_id ON office_client
FOR EACH ROW WHEN (OLD.nip <> NEW.nip OR OLD.internal_id <> NEW.internal_id)
EXECUTE FUNCTION vault_identity_is_locked();
"""
UNDO = """
DROP TRIGGER vault_client_identity ON office_client;
DROP FUNCTION vault_identity_is_locked();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0006_branches"),
        ("vault", "0004_life_of_a_credential"),
    ]

    operations = [migrations.RunSQL(FUNCTION, UNDO)]
