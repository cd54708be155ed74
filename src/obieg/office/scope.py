"""Tenancy that fails closed: clients' data are read through a scope, or not at all."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from obieg.office.models import Client, Operator

Row = TypeVar("Row", bound=models.Model)


class ScopeMissing(RuntimeError):
    """A query for clients' data was run without saying on whose behalf: a programming error."""


class ScopedQuerySet(models.QuerySet[Row]):
    """A query that refuses to run until `visible_to`, `of_client` or `across_clients` was called.

    `client_path` of the model names the way from a row to its client.
    """

    _scoped = False

    def visible_to(self, operator: "Operator") -> Self:
        """The rows of the clients that `operator` may see."""
        return self._within(operator.client_ids())

    def of_client(self, client: "Client | int") -> Self:
        """The rows of one client; the caller has already checked who asks."""
        return self._scope(self.filter(**{self._client_path: client}))

    def across_clients(self) -> Self:
        """The rows of all clients: for background work of the office itself, never for a page."""
        return self._scope(self.all())

    def _within(self, client_ids: list[int] | None) -> Self:
        if client_ids is None:
            return self._scope(self.all())
        return self._scope(self.filter(**{f"{self._client_path}__in": client_ids}))

    @property
    def _client_path(self) -> str:
        return getattr(self.model, "client_path", "client")

    def _scope(self, query: Self) -> Self:
        query._scoped = True
        return query

    def _require_scope(self) -> None:
        if not self._scoped:
            raise ScopeMissing(f"{self.model.__name__} was queried without a scope")

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc] # Django's own extension point
        clone._scoped = self._scoped
        return clone  # type: ignore[no-any-return]

    def _fetch_all(self) -> None:
        self._require_scope()
        super()._fetch_all()

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        self._require_scope()
        return super().resolve_expression(*args, **kwargs)

    def iterator(self, chunk_size: int | None = None) -> Iterator[Row]:
        self._require_scope()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()
