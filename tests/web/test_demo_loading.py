"""While the demo office is being loaded every page says how far it is, and then no more."""

from typing import Any

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from obieg.demo.milestones import BEGUN, DONE, GROUP, reach
from tests.web.offices import Office

NOTE = "Dane demonstracyjne jeszcze się wczytują"


@pytest.fixture
def loading(office: Office, settings: Any) -> None:
    settings.DEMO = True
    reach(BEGUN, clients=150)
    reach(GROUP, 1, clients=10)
    reach(GROUP, 2, clients=10)


@pytest.mark.usefixtures("loading")
@pytest.mark.parametrize("address", ["today", "queue", "sales", "demo-loading"])
def test_a_page_says_how_many_clients_are_there(anna: Visitor, address: str) -> None:
    assert f"{NOTE}: 20 z 150 klientów" in anna.get(reverse(address)).content.decode()


@pytest.mark.usefixtures("loading")
def test_the_note_goes_by_itself_when_all_is_there(anna: Visitor) -> None:
    assert reverse("demo-loading") in anna.get(reverse("today")).content.decode()
    reach(DONE)
    assert not anna.get(reverse("demo-loading")).content.strip()
    assert NOTE not in anna.get(reverse("today")).content.decode()


@pytest.mark.usefixtures("loading")
def test_a_stranger_is_told_nothing() -> None:
    assert NOTE not in Visitor().get(reverse("login")).content.decode()


def test_outside_the_demo_nothing_is_said(office: Office, anna: Visitor) -> None:
    reach(BEGUN, clients=150)
    assert NOTE not in anna.get(reverse("today")).content.decode()
