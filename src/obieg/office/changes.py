"""Changes made in a form, written to the trail: what each field was before."""

from typing import Any

from django.forms import ModelForm

from obieg.office.models import Client, Event, Operator

SECRET_FIELDS = frozenset({"password_typed"})


def record_change(
    form: "ModelForm[Any]", *, thing: str, kind: str, actor: Operator, client: Client | None = None
) -> Event | None:
    """The trail's entry of a saved form; None where nothing was changed."""
    changed = [name for name in form.changed_data if name not in SECRET_FIELDS]
    if not changed and kind == "edit":
        return None
    return Event.objects.create(
        client=client,
        thing=thing,
        thing_id=form.instance.pk,
        actor=actor,
        kind=kind,
        before={name: _plain(form.initial.get(name)) for name in changed if kind == "edit"},
        after={name: _plain(form.cleaned_data[name]) for name in changed},
    )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "__iter__"):
        return sorted(getattr(item, "pk", item) for item in value)
    return str(value)
