"""Operations that tell and, on a test environment, change limits."""

from typing import Any

from pydantic import Field

from ksef_emulator.limits.overrides import RatesOverride, rate_overrides, rates_for
from ksef_emulator.limits.rates import SPECIFICATION, Group, Rates
from ksef_emulator.limits.sessions import (
    ContextLimits,
    SubjectLimits,
    context_limits,
    context_overrides,
    subject_limits,
    subject_overrides,
)
from ksef_emulator.operation import Call, operation
from ksef_emulator.wire import Choice, Model


@operation("GET", "/rate-limits")
def rate_limits(call: Call) -> dict[str, Any]:
    """The limits of requests that hold now."""
    return {str(group): rates_for(call.world, call.context, group).as_json() for group in Group}


class RateValues(Model):
    """Limits of one group."""

    per_second: int = Field(ge=0)
    per_minute: int = Field(ge=0)
    per_hour: int = Field(ge=0)

    def rates(self) -> Rates:
        """As the limiter counts."""
        return Rates(self.per_second, self.per_minute, self.per_hour)


class RateGroups(Model):
    """Limits of every group that can be changed."""

    online_session: RateValues
    batch_session: RateValues
    invoice_send: RateValues
    invoice_status: RateValues
    session_list: RateValues
    session_invoice_list: RateValues
    session_misc: RateValues
    invoice_metadata: RateValues
    invoice_export: RateValues
    invoice_export_status: RateValues
    invoice_download: RateValues
    collective_identifier: RateValues
    other: RateValues

    def groups(self) -> dict[Group, Rates]:
        """By group; closing a session follows opening it."""
        groups = {
            Group(field.alias or name): getattr(self, name).rates()
            for name, field in RateGroups.model_fields.items()
        }
        groups[Group.ONLINE_SESSION_CLOSE] = groups[Group.ONLINE_SESSION]
        groups[Group.BATCH_SESSION_CLOSE] = groups[Group.BATCH_SESSION]
        return groups


class SetRateLimits(Model):
    """POST /testdata/rate-limits."""

    rate_limits: RateGroups


@operation("POST", "/testdata/rate-limits")
def set_rate_limits(call: Call) -> None:
    """Give the context its own limits of requests."""
    groups = call.body(SetRateLimits).rate_limits.groups()
    rate_overrides(call.world).put(str(call.context), RatesOverride(groups=groups))


@operation("DELETE", "/testdata/rate-limits")
def reset_rate_limits(call: Call) -> None:
    """Back to the defaults."""
    rate_overrides(call.world).delete(str(call.context))


@operation("POST", "/testdata/rate-limits/production")
def production_rate_limits(call: Call) -> None:
    """The limits of production, whatever the emulator's own factor is."""
    rate_overrides(call.world).put(str(call.context), RatesOverride(groups=dict(SPECIFICATION)))


@operation("GET", "/limits/context")
def limits_of_context(call: Call) -> dict[str, Any]:
    """Limits of sessions in this context."""
    return context_limits(call.world, call.context).model_dump(by_alias=True)


@operation("POST", "/testdata/limits/context/session")
def set_context_limits(call: Call) -> None:
    """Give the context its own limits of sessions."""
    context_overrides(call.world).put(str(call.context), call.body(SetSessionLimits).limits())


class OwnSessionLimits(Model):
    """Limits of one kind of session, all of them needed."""

    max_invoice_size_in_mb: int = Field(alias="maxInvoiceSizeInMB", ge=0, le=5)
    max_invoice_with_attachment_size_in_mb: int = Field(
        alias="maxInvoiceWithAttachmentSizeInMB", ge=0, le=10
    )
    max_invoices: int = Field(ge=0, le=100_000)


class OwnCollectiveLimits(Model):
    """Limits of collective identifiers."""

    max_invoices: int = Field(ge=2, le=5000)


class SetSessionLimits(Model):
    """POST /testdata/limits/context/session."""

    online_session: OwnSessionLimits
    batch_session: OwnSessionLimits
    collective_identifier: OwnCollectiveLimits

    def limits(self) -> ContextLimits:
        """As they are kept."""
        return ContextLimits.model_validate(self.model_dump(by_alias=True))


@operation("DELETE", "/testdata/limits/context/session")
def reset_context_limits(call: Call) -> None:
    """Back to the defaults."""
    context_overrides(call.world).delete(str(call.context))


@operation("GET", "/limits/subject")
def limits_of_subject(call: Call) -> dict[str, Any]:
    """Limits of the subject's certificates."""
    limits = subject_limits(call.world, call.authentication.subject.identifier)
    return {
        "enrollment": {"maxEnrollments": limits.max_enrollments},
        "certificate": {"maxCertificates": limits.max_certificates},
    }


class SubjectIdentifierType(Choice):
    """Kinds of subject."""

    NIP = "Nip"
    PESEL = "Pesel"
    FINGERPRINT = "Fingerprint"


class EnrollmentLimit(Model):
    """Requests for certificates."""

    max_enrollments: int | None = Field(default=None, ge=0)


class CertificateLimit(Model):
    """Certificates held."""

    max_certificates: int | None = Field(default=None, ge=0)


class SetSubjectLimits(Model):
    """POST /testdata/limits/subject/certificate."""

    subject_identifier_type: SubjectIdentifierType | None = None
    enrollment: EnrollmentLimit | None = None
    certificate: CertificateLimit | None = None


@operation("POST", "/testdata/limits/subject/certificate")
def set_subject_limits(call: Call) -> None:
    """Give the subject its own limits of certificates."""
    body = call.body(SetSubjectLimits)
    subject = call.authentication.subject.identifier
    current = subject_limits(call.world, subject)
    enrollments = body.enrollment.max_enrollments if body.enrollment else None
    certificates = body.certificate.max_certificates if body.certificate else None
    subject_overrides(call.world).put(
        str(subject),
        SubjectLimits(
            max_enrollments=current.max_enrollments if enrollments is None else enrollments,
            max_certificates=current.max_certificates if certificates is None else certificates,
        ),
    )


@operation("DELETE", "/testdata/limits/subject/certificate")
def reset_subject_limits(call: Call) -> None:
    """Back to the defaults."""
    subject_overrides(call.world).delete(str(call.authentication.subject.identifier))
