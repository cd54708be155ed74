"""The choice of the credential on a client's page: what is used, why, and what could be."""

from typing import Any

from django import forms

from obieg.calls.needed import compare
from obieg.office.models import Client, Operator
from obieg.vault.choice import choice_of, choose, own_of
from obieg.vault.models import Way


class WayForm(forms.Form):
    """With what Obieg connects for the client."""

    way = forms.ChoiceField(
        label="Czym Obieg łączy się z KSeF", choices=Way.choices, widget=forms.RadioSelect
    )

    def keep(self, client: Client, *, actor: Operator) -> None:
        """Put the way of a valid form into effect."""
        choose(client, Way(self.cleaned_data["way"]), actor=actor)


def choice_facts(client: Client, operator: Operator) -> dict[str, Any]:
    """What the page shows of the choice, and of the permissions of what is used."""
    choice = choice_of(client)
    used = choice.credential
    return {
        "choice": choice,
        "way_form": WayForm(initial={"way": choice.way}),
        "comparison": compare(client, used) if used else None,
        "mine": own_of(operator, client),
    }
