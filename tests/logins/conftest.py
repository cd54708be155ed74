"""People who log in as people do: by the form."""

import pyotp
import pytest
from django.test import Client as Visitor
from django.urls import reverse

from obieg.logins import factor
from obieg.office.models import Operator

PASSWORD = "sosna zegar atrament"  # the same for everybody: it is hashed once


@pytest.fixture
def ewa(db: None) -> Operator:
    """The owner."""
    return Operator.objects.create_user("ewa", PASSWORD, name="Ewa Wilk", sees_all_clients=True)


@pytest.fixture
def anna(db: None) -> Operator:
    """An accountant."""
    return Operator.objects.create_user("anna", PASSWORD, name="Anna Nowak")


def give_password(operator: Operator, password: str = PASSWORD, **more: str) -> Visitor:
    visitor = Visitor(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    visitor.post(reverse("login"), {"username": operator.login, "password": password, **more})
    return visitor


def enrol(operator: Operator) -> str:
    """The secret of the operator's phone, which is in use from now on."""
    secret = factor.begin(operator)
    factor.confirm(operator, pyotp.TOTP(secret).now())
    return secret


def is_logged_in(visitor: Visitor) -> bool:
    return "_auth_user_id" in visitor.session
