"""Every table is said what becomes of it, and what stays does not point at what goes."""

import pytest
from django.db import models

from obieg.office.models import Client
from obieg.retention.fates import (
    FATES,
    OFFICE_WIDE,
    Fate,
    client_path,
    tables,
    tables_with,
    targets,
)
from obieg.retention.names import NAMES


def named(label: str) -> type[models.Model]:
    return next(table for table in tables() if table._meta.label == label)


def test_every_table_is_classified_once() -> None:
    """A new table belongs into FATES (it has a client) or into OFFICE_WIDE."""
    labels = {table._meta.label for table in tables()}
    assert labels - set(FATES) - OFFICE_WIDE == set()
    assert set(FATES) & OFFICE_WIDE == set()
    assert (set(FATES) | OFFICE_WIDE) - labels == set()


def test_no_table_with_a_client_counts_as_the_office_s() -> None:
    for label in OFFICE_WIDE:
        pointed_at = {field.related_model for field in named(label)._meta.concrete_fields}
        assert Client not in pointed_at, label


@pytest.mark.parametrize("label", sorted(set(FATES) - {"office.Client"}))
def test_every_table_knows_the_way_to_its_client(label: str) -> None:
    table: type[models.Model] = named(label)
    for step in client_path(table).split("__"):
        table = table._meta.get_field(step).related_model
    assert table is Client


def test_what_stays_does_not_need_what_goes() -> None:
    """Otherwise the erasure would fail on its last statement, or take more than it says."""
    now = set(tables_with(Fate.AT_END))
    later = set(tables_with(Fate.AFTER_PERIODS))
    for table in tables():
        needed = set(targets(table))
        if table not in now:
            assert not needed & now, table
        if table not in now | later:
            assert not needed & later, table


def test_what_points_goes_before_what_it_points_at() -> None:
    ordered = tables_with(Fate.AT_END, Fate.AFTER_PERIODS)
    for place, table in enumerate(ordered):
        for target in targets(table):
            if target in ordered and target is not table:
                assert place < ordered.index(target), (table, target)


def test_the_protocol_has_a_name_for_everything_that_goes() -> None:
    going = {label for label, fate in FATES.items() if fate in (Fate.AT_END, Fate.AFTER_PERIODS)}
    assert going == set(NAMES)
