"""A client with full books and the operator who serves it."""

import pytest

from obieg.office.models import Client, Operator
from tests.posting.factories import ClientFactory, OperatorFactory


@pytest.fixture
def client_firm(db: None) -> Client:
    return ClientFactory(name="Bór sp. z o.o.")


@pytest.fixture
def anna(client_firm: Client) -> Operator:
    return OperatorFactory(name="Anna", serving=[client_firm])
