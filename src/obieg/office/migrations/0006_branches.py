"""Branches: clients under a client, known to KSeF by their own NIP or an internal identifier."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

import obieg.office.models

# What one row cannot say of itself: one level of branches, and the head's NIP in every identifier.
# The head is locked, so that its NIP does not change beneath a branch that is being added.
FUNCTION = """
CREATE FUNCTION office_branch_under_its_head() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head office_client%ROWTYPE;
BEGIN
    IF NEW.branch_of_id IS NOT NULL THEN
        SELECT * INTO head FROM office_client WHERE id = NEW.branch_of_id FOR SHARE;
        IF head.branch_of_id IS NOT NULL
           OR EXISTS (SELECT FROM office_client WHERE branch_of_id = NEW.id) THEN
            RAISE EXCEPTION 'a branch has no branches' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.internal_id <> '' AND head.nip <> NEW.nip THEN
            RAISE EXCEPTION 'the identifier is of another NIP than the head''s'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.nip <> OLD.nip AND EXISTS (
            SELECT FROM office_client WHERE branch_of_id = NEW.id AND internal_id <> ''
        ) THEN
            RAISE EXCEPTION 'its branches have identifiers of this NIP'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_client_branches BEFORE INSERT OR UPDATE OF nip, internal_id, branch_of_id
ON office_client FOR EACH ROW EXECUTE FUNCTION office_branch_under_its_head();
"""
UNDO = """
DROP TRIGGER office_client_branches ON office_client;
DROP FUNCTION office_branch_under_its_head();
"""
KINDS = [
    ("internal", "Jednostka wewnętrzna (bez własnego NIP, z identyfikatorem)"),
    ("jst", "Jednostka samorządu terytorialnego"),
    ("vat_group", "Członek grupy VAT"),
    ("own", "Oddział z własnym NIP, sam jest podatnikiem"),
]


class Migration(migrations.Migration):
    dependencies = [("office", "0005_an_owner_stays")]

    operations = [
        migrations.AddField(
            "client",
            "internal_id",
            models.CharField(
                blank=True,
                default="",
                max_length=16,
                validators=[obieg.office.models.validate_internal_id],
                verbose_name="identyfikator wewnętrzny",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "client",
            "branch_of",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="branches",
                to="office.client",
            ),
        ),
        migrations.AddField(
            "client",
            "unit_kind",
            models.CharField(
                blank=True,
                choices=KINDS,
                default="",
                max_length=16,
                verbose_name="rodzaj oddziału",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "client",
            "unit_name",
            models.CharField(blank=True, default="", max_length=200, verbose_name="nazwa oddziału"),
            preserve_default=False,
        ),
        migrations.AddField(
            "client",
            "posts_here",
            models.BooleanField(
                default=True, verbose_name="dokumenty oddziału księguje się w oddziale"
            ),
        ),
        migrations.AlterField(
            "client",
            "nip",
            models.CharField(
                max_length=10,
                validators=[obieg.office.models.validate_nip],
                verbose_name="NIP",
            ),
        ),
        migrations.AddConstraint(
            "client",
            models.UniqueConstraint(fields=("nip", "internal_id"), name="one_client_in_a_context"),
        ),
        migrations.AddConstraint(
            "client",
            models.CheckConstraint(
                condition=Q(branch_of=None, unit_kind="", unit_name="")
                | (Q(branch_of__isnull=False) & ~Q(unit_kind="") & ~Q(unit_name="")),
                name="branch_says_what_it_is",
            ),
        ),
        migrations.AddConstraint(
            "client",
            models.CheckConstraint(
                condition=Q(internal_id="") & ~Q(unit_kind="internal")
                | Q(
                    internal_id__startswith=Concat(F("nip"), Value("-")),
                    unit_kind="internal",
                ),
                name="internal_id_of_internal_unit",
            ),
        ),
        migrations.RunSQL(FUNCTION, UNDO),
    ]
