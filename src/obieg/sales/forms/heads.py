"""What an invoice says once: its head, annotations, payment, correction, terms."""

from typing import Any, ClassVar

from obieg.office.models import Client
from obieg.sales.forms.boxes import (
    AmountField,
    ChoiceBox,
    CodeField,
    DayField,
    NumberField,
    TextField,
    TickField,
)
from obieg.sales.forms.choices import (
    EFFECT_CHOICES,
    EXEMPT_CHOICES,
    KIND_CHOICES,
    MARGIN_CHOICES,
    METHOD_CHOICES,
    PRICES_CHOICES,
)
from obieg.sales.forms.parties import HeadForm
from obieg.sales.models import Series


class DocumentForm(HeadForm):
    """Kind, number, dates, currency."""

    kind = ChoiceBox("Rodzaj", KIND_CHOICES)
    series = ChoiceBox("Seria", ())
    number = TextField("Numer własny", 256, placeholder="z serii")
    issue_date = DayField("Data wystawienia", placeholder="dzień wystawienia")
    sale_date = DayField("Data sprzedaży")
    place = TextField("Miejsce", 256)
    prices = ChoiceBox("Ceny", PRICES_CHOICES)
    currency = CodeField("Waluta", 3, size=4)
    exchange_rate = NumberField("Kurs")
    period_from = DayField("Okres od")
    period_to = DayField("do")
    total = AmountField("Razem (UPR)")
    to_receipt = TickField("do paragonu (FP)")
    related_parties = TickField("podmioty powiązane (TP)")

    MORE: ClassVar = ("period_from", "period_to", "to_receipt", "related_parties")

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series = self.fields["series"]
        assert isinstance(series, ChoiceBox)  # noqa: S101 - for the types
        codes = Series.objects.of_client(client).filter(active=True).order_by("code")
        named = [(code, code) for code in codes.values_list("code", flat=True)]
        series.choices = [("", "domyślna"), *named]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or "VAT"

    def clean_prices(self) -> str:
        return self.cleaned_data["prices"] or "net"

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"] or "PLN"


class AnnotationsForm(HeadForm):
    """Adnotacje."""

    annotations__split_payment = TickField("mechanizm podzielonej płatności (MPP)")
    annotations__cash_method = TickField("metoda kasowa")
    annotations__self_billing = TickField("samofakturowanie")
    annotations__reverse_charge = TickField("odwrotne obciążenie")
    annotations__triangular = TickField("procedura trójstronna uproszczona")
    annotations__exempt_by = ChoiceBox("Zwolnienie z VAT", EXEMPT_CHOICES)
    annotations__exempt_basis = TextField("Podstawa zwolnienia", 256)
    annotations__margin = ChoiceBox("Procedura marży", MARGIN_CHOICES)

    @property
    def ticks(self) -> list[Any]:
        return [field for field in self if isinstance(field.field, TickField)]

    @property
    def others(self) -> list[Any]:
        return [field for field in self if not isinstance(field.field, TickField)]


class PaymentForm(HeadForm):
    """Platnosc, without its terms, accounts and parts paid."""

    payment__method = ChoiceBox("Forma płatności", METHOD_CHOICES)
    payment__method_text = TextField("Inna forma", 256)
    payment__paid = TickField("zapłacono")
    payment__paid_on = DayField("dnia")
    payment__discount_conditions = TextField("Skonto: warunki", 256)
    payment__discount_amount = TextField("Skonto: wysokość", 256)
    payment__link = TextField("Link do płatności")


class CorrectionForm(HeadForm):
    """What a correction says about itself."""

    correction__reason = TextField("Przyczyna korekty", 256)
    correction__effect = ChoiceBox("Skutek w ewidencji", EFFECT_CHOICES)
    correction__period = TextField("Okres, którego dotyczy rabat", 256)
    correction__right_number = TextField("Poprawny numer faktury", 256)
    correction__total_before = AmountField("Kwota przed korektą (zaliczki)")
    correction__exchange_rate_before = NumberField("Kurs przed korektą")


class TermsForm(HeadForm):
    """The end of the document."""

    delivery_terms = TextField("Warunki dostawy", 256)
    warehouse_documents = TextField("Dokumenty WZ (po przecinku)", 4000)
    footer = TextField("Stopka", 3500, lines=2)

    def clean_warehouse_documents(self) -> list[str]:
        numbers = self.cleaned_data["warehouse_documents"].split(",")
        return [number.strip() for number in numbers if number.strip()]
