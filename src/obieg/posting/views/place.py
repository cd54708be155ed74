"""Where in the queue the operator is: its address, and what the list shows for it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from obieg.office.models import Operator
from obieg.office.request import OperatorRequest
from obieg.posting import queue
from obieg.posting.forms import BY_HAND, QUEUES, QueueForm
from obieg.posting.models import Dekret
from obieg.posting.obstacles import SURE
from obieg.posting.states import DekretState

STATES = {"": DekretState.TO_APPROVE, BY_HAND: DekretState.TO_CLASSIFY}
FILTERS = ("kolejka", "klient", "rodzaj", "wiek", "szukaj")
END = "koniec"  # in an address: past the last document


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the queues, with how much waits in it."""

    label: str
    url: str
    count: int
    is_current: bool


@dataclass
class Place:
    """A filtered queue; the filters are the address."""

    operator: Operator
    address: QueryDict
    form: QueueForm
    filters: queue.QueueFilters

    @classmethod
    def of(cls, request: OperatorRequest) -> Self:
        """The place that the request's address names; filters that make no sense are left out."""
        form = QueueForm(request.GET, operator=request.user)
        form.is_valid()
        asked = form.cleaned_data
        filters = queue.QueueFilters(
            state=STATES[asked.get("kolejka", "")],
            client_id=asked["klient"].pk if asked.get("klient") else None,
            direction=asked.get("rodzaj") or None,
            words=asked.get("szukaj", ()),
            age=asked.get("wiek"),
        )
        return cls(request.user, request.GET, form, filters)

    @cached_property
    def page(self) -> queue.Page:
        """The part of the list that the address names."""
        return queue.waiting(self.operator, self.filters, after=self.address.get("po", ""))

    def chosen(self) -> Dekret | None:
        """The document that the address names, else the first; None past the end."""
        key = self.address.get("dokument", "")
        if key == END:
            return None
        if not key:
            return self.dekret(self.page.rows[0].pk) if self.page.rows else None
        if not key.isdecimal():
            raise Http404
        return self.dekret(int(key))

    def dekret(self, key: int) -> Dekret:
        """A document by its id, whole; 404 unless the operator may see it."""
        rows = Dekret.objects.visible_to(self.operator)
        shown = (*queue.SHOWN, "client__posting_profile", "decided_by")
        return get_object_or_404(rows.select_related(*shown), pk=key)

    def after(self, dekret: Dekret) -> Dekret | None:
        """The document that follows in this queue."""
        _, following = queue.neighbours(self.operator, self.filters, dekret)
        return self.dekret(following) if following else None

    @property
    def query(self) -> str:
        """The filters as the end of an address, with its question mark."""
        return self.url("")

    def url(self, path: str | None = None, **changes: Any) -> str:
        """The address of the queue (or of `path`) under these filters."""
        kept = QueryDict(mutable=True)
        for name in FILTERS:
            if value := changes.pop(name, self.address.get(name)):
                kept[name] = value
        for name, value in changes.items():
            kept[name] = str(value)
        path = reverse("queue") if path is None else path
        return f"{path}?{kept.urlencode()}" if kept else path

    def list_facts(self, dekret: Dekret | None) -> dict[str, Any]:
        """What the list shows, with the row of `dekret` marked."""
        return {
            "query": self.query,
            "filters": self.form,
            "is_filtered": any(self.address.get(name) for name in FILTERS[1:]),
            "clear_url": self.url(klient="", rodzaj="", wiek="", szukaj=""),
            "rows": self.page.rows,
            "more_url": self.url(po=self.page.next) if self.page.next else "",
            "current_id": dekret.pk if dekret else None,
        }

    @cached_property
    def edges(self) -> dict[str, Any]:
        """The counts around the list: how much waits in each queue, how much of it is sure."""
        counts = queue.counts(self.operator, self.filters, sure=SURE)
        chosen = self.address.get("kolejka", "")
        tabs = [
            Tab(label, self.url(kolejka=name), counts[STATES[name]], name == chosen)
            for name, label in QUEUES
        ]
        return {
            "tabs": tabs,
            "remaining": counts[self.filters.state],
            "cap": queue.COUNT_LIMIT,
            "sure": SURE,
            "sure_count": counts["sure"],
            "sure_url": self.url(reverse("queue-bulk")),
            "query": self.query,
        }

    def desk_facts(self, dekret: Dekret | None) -> dict[str, Any]:
        """Where the keys lead from the document on the desk."""
        if dekret is None:
            return {**self.edges, "start_url": self.url()}
        previous, following = self._neighbours(dekret)
        return {
            "query": self.query,
            "previous_url": self.url(dokument=previous) if previous else "",
            "next_url": self.url(dokument=following or END),
            "next_id": following or "",
        }

    def _neighbours(self, dekret: Dekret) -> tuple[int | None, int | None]:
        """The ids before and after `dekret`, taken from the list where both are there."""
        around = self._listed() if "page" in self.__dict__ else []
        if dekret.pk in around[1:-1]:
            index = around.index(dekret.pk)
            return around[index - 1], around[index + 1]
        previous, following = queue.neighbours(self.operator, self.filters, dekret)
        return previous, following

    def _listed(self) -> list[int | None]:
        """The ids on the page, with None where the queue begins and ends."""
        start = [] if self.page.previous else [None]
        end = [] if self.page.next else [None]
        return [*start, *(row.pk for row in self.page.rows), *end]
