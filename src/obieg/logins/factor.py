"""The second factor: enrolling a phone, judging its codes, codes for the day when it is lost."""

import base64
import hashlib
import secrets
from datetime import datetime

import pyotp
from django.db import transaction
from django.utils import timezone

from obieg.logins.errors import AlreadyEnrolled, WrongCode
from obieg.logins.models import RecoveryCode, SecondFactor
from obieg.office.models import Event, Operator
from obieg.vault.envelope import Binding, seal, unseal

STEP = 30  # seconds: RFC 6238, what every application expects
STEPS_OFF = 1  # a clock that is one step late or early
CODES = 10
CODE_BYTES = 10  # 80 bits: a digest of it cannot be searched through
ISSUER = "Obieg"


def confirmed_factor(operator: Operator) -> SecondFactor | None:
    return SecondFactor.objects.filter(operator=operator, confirmed_at__isnull=False).first()


def begin(operator: Operator) -> str:
    """The secret (base32) of the enrolment under way; a new one where none is. AlreadyEnrolled."""
    factor = SecondFactor.objects.filter(operator=operator).first()
    if factor is not None and factor.confirmed_at is None:
        return _secret(factor)
    if factor is not None:
        raise AlreadyEnrolled
    secret = pyotp.random_base32()
    sealed = seal(secret.encode(), _binding(operator))
    SecondFactor.objects.create(
        operator=operator,
        ciphertext=sealed.ciphertext,
        wrapped_key=sealed.wrapped_key,
        master_key_id=sealed.master_key_id,
    )
    return secret


def uri(operator: Operator, secret: str) -> str:
    """What the QR code says to the application (otpauth://…)."""
    return pyotp.TOTP(secret).provisioning_uri(name=operator.login, issuer_name=ISSUER)


def confirm(operator: Operator, code: str) -> list[str]:
    """End the enrolment with a first code; the recovery codes, to be shown once. Or WrongCode."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().get(operator=operator)
        _use_step(factor, code)
        factor.confirmed_at = timezone.now()
        factor.save(update_fields=["confirmed_at"])
        _trail(operator, operator, "second_factor_on")
        return _new_codes(factor)


def judge(operator: Operator, code: str) -> None:
    """Take a code of the phone or a recovery code, each once; WrongCode for any other."""
    with transaction.atomic():
        factors = SecondFactor.objects.select_for_update()
        factor = factors.filter(operator=operator, confirmed_at__isnull=False).first()
        if factor is None:
            raise WrongCode
        if _is_recovery_code(factor, code):
            _trail(operator, operator, "recovery_code")
        else:
            _use_step(factor, code)


def renew_codes(operator: Operator) -> list[str]:
    """New recovery codes in place of all former ones."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().get(operator=operator)
        _trail(operator, operator, "recovery_codes_new")
        return _new_codes(factor)


def codes_left(factor: SecondFactor) -> int:
    return factor.codes.filter(used_at__isnull=True).count()


def remove(operator: Operator, *, actor: Operator | None) -> None:
    """Forget the phone: for a new one, or because it is lost and an administrator says so."""
    with transaction.atomic():
        gone, _ = SecondFactor.objects.filter(operator=operator).delete()
        if gone:
            _trail(operator, actor, "second_factor_off")


def _use_step(factor: SecondFactor, code: str) -> None:
    """Take the code of a step that is later than the last one taken, or raise WrongCode."""
    step = _step_of(_secret(factor), code, timezone.now())
    taken = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step)
    if not taken:
        raise WrongCode


def _step_of(secret: str, code: str, now: datetime) -> int:
    """The number of the step whose code it is; 0 for none."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret, interval=STEP)
    present = int(now.timestamp()) // STEP
    steps = range(present - STEPS_OFF, present + STEPS_OFF + 1)
    if not (digits.isascii() and digits.isdecimal()):
        return 0
    matching = [s for s in steps if secrets.compare_digest(totp.generate_otp(s), digits)]
    return max(matching, default=0)


def _new_codes(factor: SecondFactor) -> list[str]:
    factor.codes.all().delete()
    texts = [_code() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=_digest(t)) for t in texts)
    return texts


def _code() -> str:
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _is_recovery_code(factor: SecondFactor, code: str) -> bool:
    unused = factor.codes.filter(digest=_digest(code), used_at__isnull=True)
    return bool(unused.update(used_at=timezone.now()))


def _digest(code: str) -> str:
    plain = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _secret(factor: SecondFactor) -> str:
    return unseal(factor, _binding(factor.operator)).decode()


def _binding(operator: Operator) -> Binding:
    return Binding(client_id=None, kind=f"totp/{operator.pk}", environment="office")


def _trail(operator: Operator, actor: Operator | None, kind: str) -> None:
    Event.objects.create(thing="office.operator", thing_id=operator.pk, actor=actor, kind=kind)
