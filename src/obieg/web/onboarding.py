"""Taking on a client: its data, its chart of accounts, its channels to KSeF."""

from django.db import transaction

from obieg.inbox.channels import ensure_channels
from obieg.office.changes import record_change
from obieg.office.forms import ClientForm
from obieg.office.models import Assignment, Client, Operator
from obieg.posting.charts import apply_template


@transaction.atomic
def take_on(form: ClientForm, *, operator: Operator) -> Client:
    """Store the client of a valid `form`, ready to be synchronised and posted."""
    client: Client = form.save()
    if not operator.sees_all_clients:
        Assignment.objects.create(operator=operator, client=client)
    apply_template(client)
    ensure_channels(client)
    record_change(form, thing="office.client", kind="create", actor=operator, client=client)
    return client
