"""Seals keep the digest of each source, so that old calls and emptied entries may go.

The only doors: a row of `audit_pruning` removes what it says, and an entry of the trail may be
emptied where `may_redact` allows it. It allows nothing here; the room of retention says what.
"""

import django.utils.timezone
from django.db import migrations, models

PRUNING = """
CREATE FUNCTION describe_pruning() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source text := CASE NEW.source WHEN 'uses' THEN 'vault_credentialuse'
                                   WHEN 'calls' THEN 'calls_ksefcall' END;
BEGIN
    SELECT coalesce(max(to_id), 0) INTO NEW.from_id
      FROM audit_pruning p WHERE p.source = NEW.source;
    SELECT CASE NEW.source WHEN 'uses' THEN s.uses_to ELSE s.calls_to END INTO NEW.to_id
      FROM audit_seal s WHERE s.number = NEW.seal AND s.events_digest <> '';
    IF source IS NULL OR NEW.to_id IS NULL OR NEW.to_id < NEW.from_id THEN
        RAISE EXCEPTION 'only what is sealed may be pruned' USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format(
        'SELECT count(*), min(at), max(at) FROM %I WHERE id > $1 AND id <= $2', source)
      INTO NEW.records, NEW.first_at, NEW.last_at USING NEW.from_id, NEW.to_id;
    IF NEW.last_at > now() - interval '12 months' THEN
        RAISE EXCEPTION 'younger than a year' USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format(
        'SELECT coalesce(jsonb_object_agg(month, count), ''{}'') FROM (
             SELECT to_char(at AT TIME ZONE ''Europe/Warsaw'', ''YYYY-MM'') AS month, count(*)
             FROM %I WHERE id > $1 AND id <= $2 GROUP BY 1) AS months', source)
      INTO NEW.months USING NEW.from_id, NEW.to_id;
    SELECT encode(sha256(convert_to(string_agg(
               CASE NEW.source WHEN 'uses' THEN s.uses_digest ELSE s.calls_digest END,
               ' ' ORDER BY s.number), 'UTF8')), 'hex') INTO NEW.digest
      FROM audit_seal s
     WHERE CASE NEW.source WHEN 'uses' THEN s.uses_to ELSE s.calls_to END > NEW.from_id
       AND s.number <= NEW.seal;
    NEW.digest := coalesce(NEW.digest, '');
    NEW.at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER audit_pruning_described BEFORE INSERT ON audit_pruning
FOR EACH ROW EXECUTE FUNCTION describe_pruning();

CREATE FUNCTION carry_out_pruning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO office_event (thing, thing_id, at, kind, before, after)
    VALUES ('audit.pruning', NEW.id, now(), 'prune', '{}', jsonb_build_object(
        'source', NEW.source, 'from', NEW.from_id, 'to', NEW.to_id, 'count', NEW.records,
        'first', NEW.first_at, 'last', NEW.last_at, 'months', NEW.months, 'digest', NEW.digest));
    IF NEW.source = 'uses' THEN
        DELETE FROM vault_credentialuse WHERE id > NEW.from_id AND id <= NEW.to_id;
    ELSE
        DELETE FROM calls_ksefcall WHERE id > NEW.from_id AND id <= NEW.to_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_pruning_carried_out AFTER INSERT ON audit_pruning
FOR EACH ROW EXECUTE FUNCTION carry_out_pruning();

CREATE TRIGGER audit_pruning_no_change BEFORE UPDATE OR DELETE ON audit_pruning
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_pruning_no_truncate BEFORE TRUNCATE ON audit_pruning
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A row may be deleted only within the range of a pruning that the database described itself.
CREATE FUNCTION is_pruned(said text, row_id bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM audit_pruning p
                    WHERE p.source = said AND row_id > p.from_id AND row_id <= p.to_id)
$$;
CREATE FUNCTION refuse_unless_pruned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_pruned(CASE TG_TABLE_NAME WHEN 'vault_credentialuse' THEN 'uses' ELSE 'calls' END, OLD.id)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

DROP TRIGGER vault_use_no_change ON vault_credentialuse;
CREATE TRIGGER vault_use_no_change BEFORE UPDATE ON vault_credentialuse
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vault_use_pruned BEFORE DELETE ON vault_credentialuse
FOR EACH ROW EXECUTE FUNCTION refuse_unless_pruned();

DROP TRIGGER calls_ksefcall_settled ON calls_ksefcall;
CREATE TRIGGER calls_ksefcall_settled BEFORE UPDATE ON calls_ksefcall
FOR EACH ROW EXECUTE FUNCTION refuse_settled_call();
CREATE TRIGGER calls_ksefcall_pruned BEFORE DELETE ON calls_ksefcall
FOR EACH ROW EXECUTE FUNCTION refuse_unless_pruned();
"""

REDACTION = """
CREATE TRIGGER audit_redaction_no_change BEFORE UPDATE OR DELETE ON audit_redaction
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_redaction_no_truncate BEFORE TRUNCATE ON audit_redaction
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION may_redact(entry office_event) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT false
$$;

-- The digest of the content is taken by the database, so that it is always of what was there.
CREATE FUNCTION redact_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.client_id, NEW.thing, NEW.thing_id, NEW.actor_id, NEW.at, NEW.kind)
       IS NOT DISTINCT FROM
       (OLD.id, OLD.client_id, OLD.thing, OLD.thing_id, OLD.actor_id, OLD.at, OLD.kind)
       AND NEW.before = '{}' AND NEW.after = '{}'
       AND (SELECT s.events_digest <> '' FROM audit_seal s WHERE s.events_to >= OLD.id
             ORDER BY s.events_to LIMIT 1)
       AND may_redact(OLD) THEN
        INSERT INTO audit_redaction (event_id, content, at) VALUES (OLD.id, encode(sha256(
            convert_to(OLD.before::text || E'\\n' || OLD.after::text, 'UTF8')), 'hex'), now());
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER office_event_no_change ON office_event;
CREATE TRIGGER office_event_no_change BEFORE DELETE ON office_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER office_event_redacted BEFORE UPDATE ON office_event
FOR EACH ROW EXECUTE FUNCTION redact_entry();
"""

UNDO = """
DROP TRIGGER office_event_redacted ON office_event;
DROP TRIGGER office_event_no_change ON office_event;
CREATE TRIGGER office_event_no_change BEFORE UPDATE OR DELETE ON office_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP FUNCTION redact_entry();
DROP FUNCTION may_redact(office_event);
DROP TRIGGER calls_ksefcall_pruned ON calls_ksefcall;
DROP TRIGGER calls_ksefcall_settled ON calls_ksefcall;
CREATE TRIGGER calls_ksefcall_settled BEFORE UPDATE OR DELETE ON calls_ksefcall
FOR EACH ROW EXECUTE FUNCTION refuse_settled_call();
DROP TRIGGER vault_use_pruned ON vault_credentialuse;
DROP TRIGGER vault_use_no_change ON vault_credentialuse;
CREATE TRIGGER vault_use_no_change BEFORE UPDATE OR DELETE ON vault_credentialuse
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_unless_pruned();
DROP FUNCTION is_pruned(text, bigint);
DROP TRIGGER audit_pruning_carried_out ON audit_pruning;
DROP TRIGGER audit_pruning_described ON audit_pruning;
DROP FUNCTION carry_out_pruning();
DROP FUNCTION describe_pruning();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        *(
            migrations.AddField(
                "seal", f"{source}_digest", models.CharField(default="", max_length=64)
            )
            for source in ("events", "uses", "calls")
        ),
        migrations.AddIndex("seal", models.Index(fields=["events_to"], name="seal_of_event")),
        migrations.CreateModel(
            name="Pruning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("uses", "użycia poświadczeń"), ("calls", "wywołania KSeF")],
                        max_length=8,
                    ),
                ),
                ("seal", models.PositiveBigIntegerField()),
                ("from_id", models.BigIntegerField(default=0)),
                ("to_id", models.BigIntegerField(default=0)),
                ("records", models.BigIntegerField(default=0)),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("months", models.JSONField(default=dict)),
                ("digest", models.CharField(default="", max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("content", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RunSQL(PRUNING + REDACTION, UNDO),
    ]
