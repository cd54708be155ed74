"""Who a grant is for: identifiers and names, as requests give and answers repeat them."""

from datetime import date
from typing import Any, Self

from pydantic import Field, model_validator

from ksef_emulator.errors import invalid
from ksef_emulator.identifiers import Identifier, IdentifierType, Nip
from ksef_emulator.wire import Choice, Model


class NipType(Choice):
    """Only a NIP names a firm."""

    NIP = "Nip"


class FirmIdentifier(Model):
    """A firm by its NIP."""

    type: NipType
    value: Nip


class SubjectType(Choice):
    """Kinds of identifier that a person may have."""

    NIP = "Nip"
    PESEL = "Pesel"
    FINGERPRINT = "Fingerprint"


class SubjectIdentifier(Model):
    """Whom a grant is for."""

    type: SubjectType
    value: str = Field(min_length=10, max_length=64)

    def identifier(self) -> Identifier:
        """The identifier; raises 21405 where the value does not fit the type."""
        return well_formed(self.type, self.value, "subjectIdentifier")


class FingerprintType(Choice):
    """Representatives of EU entities are known by their certificates only."""

    FINGERPRINT = "Fingerprint"


class FingerprintIdentifier(Model):
    """A certificate."""

    type: FingerprintType
    value: str = Field(min_length=64, max_length=64)

    def identifier(self) -> Identifier:
        """The identifier; raises 21405 where the value is no fingerprint."""
        return well_formed(self.type, self.value, "subjectIdentifier")


def well_formed(kind: str, value: str, field: str) -> Identifier:
    """The identifier; raises 21405 where the value does not fit the type."""
    identifier = Identifier(type=IdentifierType(kind), value=value)
    if not identifier.is_well_formed:
        raise invalid(f"'{field}.value': Nieprawidłowy format.")
    return identifier


class PersonIdentifierType(Choice):
    """Polish identifiers of a person."""

    PESEL = "Pesel"
    NIP = "Nip"


class PersonIdentifier(Model):
    """A person's Polish identifier."""

    type: PersonIdentifierType
    value: str = Field(min_length=10, max_length=11)


class IdDocument(Model):
    """A person's document of identity."""

    type: str = Field(max_length=20)
    number: str = Field(max_length=20)
    country: str = Field(min_length=2, max_length=2)


class PersonDetails(Model):
    """A person's names."""

    first_name: str = Field(min_length=2, max_length=30)
    last_name: str = Field(min_length=2, max_length=81)


class PersonWithIdentifier(PersonDetails):
    """A person whose certificate says less than his papers."""

    identifier: PersonIdentifier


class PersonWithoutIdentifier(PersonDetails):
    """A person without a Polish identifier."""

    birth_date: date
    id_document: IdDocument


class EntityDetails(Model):
    """A firm's name."""

    full_name: str = Field(min_length=5, max_length=90)


class EntityByFingerprint(Model):
    """A foreign firm behind a certificate."""

    full_name: str = Field(max_length=100)
    address: str = Field(max_length=512)


class DetailsType(Choice):
    """Which of the details are given."""

    PERSON = "PersonByIdentifier"
    PERSON_WITH_ID = "PersonByFingerprintWithIdentifier"
    PERSON_WITHOUT_ID = "PersonByFingerprintWithoutIdentifier"
    ENTITY = "EntityByFingerprint"


class SubjectDetails(Model):
    """The subject's names, in the shape that `subjectDetailsType` says."""

    subject_details_type: DetailsType
    person_by_id: PersonDetails | None = None
    person_by_fp_with_id: PersonWithIdentifier | None = None
    person_by_fp_no_id: PersonWithoutIdentifier | None = None
    entity_by_fp: EntityByFingerprint | None = None

    @model_validator(mode="after")
    def _has_what_it_says(self) -> Self:
        if self._given() is None:
            raise ValueError(f"Brak danych wymaganych dla {self.subject_details_type}.")
        return self

    def _given(self) -> Model | None:
        given: dict[DetailsType, Model | None] = {
            DetailsType.PERSON: self.person_by_id,
            DetailsType.PERSON_WITH_ID: self.person_by_fp_with_id,
            DetailsType.PERSON_WITHOUT_ID: self.person_by_fp_no_id,
            DetailsType.ENTITY: self.entity_by_fp,
        }
        return given[self.subject_details_type]

    def as_json(self) -> dict[str, Any]:
        """`subjectPersonDetails` or `subjectEntityDetails` of an answer."""
        given = self._given()
        data = given.model_dump(by_alias=True, mode="json") if given else {}
        if "identifier" in data:
            data["personIdentifier"] = data.pop("identifier")
        body = {"subjectDetailsType": str(self.subject_details_type), **data}
        is_entity = self.subject_details_type is DetailsType.ENTITY
        return {"subjectEntityDetails" if is_entity else "subjectPersonDetails": body}


class PersonSubjectDetails(SubjectDetails):
    """Details of a person; a firm is refused."""

    @model_validator(mode="after")
    def _is_a_person(self) -> Self:
        if self.subject_details_type is DetailsType.ENTITY:
            raise ValueError("Niedozwolona wartość subjectDetailsType.")
        return self


class EuSubjectDetails(SubjectDetails):
    """Details behind a certificate; a person with a Polish identifier in it is refused."""

    @model_validator(mode="after")
    def _is_behind_a_certificate(self) -> Self:
        if self.subject_details_type is DetailsType.PERSON:
            raise ValueError("Niedozwolona wartość subjectDetailsType.")
        return self


def firm_details(name: str) -> dict[str, Any]:
    """`subjectEntityDetails` of a Polish firm."""
    return {"subjectEntityDetails": {"subjectDetailsType": "EntityByIdentifier", "fullName": name}}
