"""Rules: listed, tried on past documents, saved, deleted; and those that the decisions suggest."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from obieg.core.errors import UserFixable
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting import patterns, rules
from obieg.posting.models import Rule
from obieg.posting.offers import offers_of
from obieg.posting.rule_form import RuleFilter, RuleForm
from obieg.posting.trial import try_rule

SHOWN_DIFFERENCES = 50
SHOWN_RULES = 200  # a large office has thousands; more are reached by the filters


def rule_list(request: OperatorRequest) -> HttpResponse:
    """The rules in the order in which they are asked, and what the decisions suggest."""
    form = RuleFilter(request.GET, operator=request.user)
    found = _selected(request, form) if form.is_valid() else []
    more = len(found) > SHOWN_RULES
    client = form.cleaned_data.get("klient")
    facts = {
        "form": form,
        "rules": found[:SHOWN_RULES],
        "more": more,
        "client": client,
        "offers": patterns.patterns_of(client) if client else [],
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "posting/rules/list.html", facts)


@needs(Right.RULES)
def rule_new(request: OperatorRequest) -> HttpResponse:
    """A new rule; the address may say what it begins with (a seller, a text, a client)."""
    begun = {name: request.GET[name] for name in RuleForm.base_fields if name in request.GET}
    return _edit(request, Rule(), {"deductible_percent": 100, **begun})


@needs(Right.RULES)
def rule_edit(request: OperatorRequest, rule_id: int) -> HttpResponse:
    """A rule that is there."""
    return _edit(request, _rule(request, rule_id), {})


@require_POST
@needs(Right.RULES)
def rule_delete(request: OperatorRequest, rule_id: int) -> HttpResponse:
    """Delete a rule; what it posted stays."""
    rule = _rule(request, rule_id)
    rules.delete_rule(rule, operator=request.user)
    messages.success(request, f"Usunięto regułę „{rule.name}”. Zaksięgowane dokumenty zostają.")
    return redirect("books-rules")


@require_POST
@needs(Right.RULES)
def offer_accept(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Make a rule of what the decisions suggest."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
    rule = patterns.accept(client, request.POST.get("key", ""), operator=request.user)
    if rule:
        messages.success(request, f"Zapisano regułę „{rule.name}”.")
    else:
        messages.warning(request, "Tej propozycji już nie ma: zmieniły się decyzje albo reguły.")
    return _back(client)


@require_POST
@needs(Right.RULES)
def offer_dismiss(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Do not offer this again."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
    patterns.dismiss(client, request.POST.get("key", "")[:64], operator=request.user)
    return _back(client)


def _edit(request: OperatorRequest, rule: Rule, initial: dict[str, Any]) -> HttpResponse:
    form = RuleForm(request.POST or None, instance=rule, initial=initial, operator=request.user)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    drafted = form.save(commit=False)
    try:
        rules.check_rule(drafted)
        if "try" in request.POST:
            return _page(request, form, trial=try_rule(drafted, operator=request.user))
        rules.store_rule(drafted, operator=request.user)
    except UserFixable as error:
        form.add_error(None, f"{error} (kod {error.code})")
        return _page(request, form, status=422)
    messages.success(request, f"Zapisano regułę „{drafted.name}”.")
    return redirect("books-rules")


def _page(
    request: OperatorRequest, form: RuleForm, status: int = 200, **facts: Any
) -> HttpResponse:
    chosen = form["client"].value()
    visible = Client.objects.visible_to(request.user)
    client = visible.filter(pk=chosen).first() if str(chosen or "").isdecimal() else None
    facts |= {"form": form, "rule": form.instance, "shown": SHOWN_DIFFERENCES}
    facts["offers"] = offers_of(client) if client else None
    facts["history"] = rules.history_of(form.instance) if form.is_stored else []
    return render(request, "posting/rules/form.html", facts, status=status)


def _rule(request: OperatorRequest, rule_id: int) -> Rule:
    return get_object_or_404(rules.visible_rules(request.user), pk=rule_id)


def _selected(request: OperatorRequest, form: RuleFilter) -> list[Rule]:
    asked = form.cleaned_data
    found = rules.visible_rules(request.user, asked["klient"]).select_related(
        "client", "created_by"
    )
    if form.direction:
        found = found.filter(direction=form.direction)
    if asked["czyje"]:
        found = found.filter(client__isnull=asked["czyje"] == "biura")
    for word in asked["szukaj"]:
        fields = ("name", "text", "seller_nip", "account", "plate", "reference")
        said = Q()
        for field in fields:
            said |= Q(**{f"{field}__icontains": word})
        found = found.filter(said)
    return list(found[: SHOWN_RULES + 1])


def _back(client: Client) -> HttpResponse:
    return redirect(f"{reverse('books-rules')}?klient={client.pk}")
