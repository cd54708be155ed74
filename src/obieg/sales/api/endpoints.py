"""The endpoints of sales."""

from typing import Annotated

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Status
from ninja.errors import HttpError

from obieg.logins.pace import ADDRESS, KEY
from obieg.office.models import Client, Operator
from obieg.office.rights import Right
from obieg.sales import checking, drafts, issuing, printing, sending, storage
from obieg.sales.api.errors import tell_errors
from obieg.sales.api.keys import COST_OF_PDF, OperatorKey, client_of, operator_of, sale_of
from obieg.sales.api.shapes import (
    ClientShape,
    FindingShape,
    Issuing,
    NewSale,
    Page,
    Problem,
    SaleShape,
)
from obieg.sales.content import SaleContent
from obieg.sales.models import Sale
from obieg.sales.states import IN_KSEF, SaleState

LARGEST_XML = 3_000_000  # bytes: KSeF API 2.9

api = NinjaAPI(
    title="Obieg: sprzedaż",
    version="1",
    description=(
        "Szkice, wystawianie, wysyłka do KSeF, numery KSeF i UPO. "
        f"Jednym kluczem można wysłać {KEY.at_once} zapytań naraz i dalej {KEY.a_second} na "
        f"sekundę (PDF liczy się jak {COST_OF_PDF}), z jednego adresu {ADDRESS.at_once} i dalej "
        f"{ADDRESS.a_second} na sekundę. Ponad to odpowiedzią jest 429 z nagłówkiem Retry-After "
        "(sekundy). Treść zapytania może mieć najwyżej 8 MB (413)."
    ),
    auth=OperatorKey(),
    docs_url=None,  # its page would load from elsewhere; the description is openapi.json
    urls_namespace="api",
)
tell_errors(api)

WRONG = {403: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem}
TOO_FAST = {"responses": {429: {"description": "Za szybko: Retry-After mówi, za ile sekund"}}}


@api.get("/clients", response={200: list[ClientShape], **WRONG}, tags=["clients"])
def clients(request: HttpRequest) -> list[ClientShape]:
    """The clients that the key reaches."""
    operator = operator_of(request, Right.SEE)
    reached = Client.objects.visible_to(operator)
    if (only := request.auth.client_id) is not None:  # type: ignore[attr-defined] # ninja sets it
        reached = reached.filter(pk=only)
    return [ClientShape.of(client) for client in reached]


@api.get("/clients/{nip}/sales", response={200: Page, **WRONG}, tags=["sales"])
def sales(
    request: HttpRequest,
    nip: str,
    state: SaleState | None = None,
    external_id: str = "",
    after: int = 0,
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
) -> Page:
    """The client's documents in the order of their ids."""
    operator_of(request, Right.SEE)
    found = Sale.objects.of_client(client_of(request, nip)).filter(pk__gt=after)
    if state is not None:
        found = found.filter(state=state)
    if external_id:
        found = found.filter(external_id=external_id)
    rows = list(found.select_related("client").order_by("pk")[: limit + 1])
    more = len(rows) > limit
    return Page(
        sales=[SaleShape.of(sale) for sale in rows[:limit]],
        next=rows[limit - 1].pk if more else None,
    )


@api.post(
    "/clients/{nip}/sales", response={200: SaleShape, 201: SaleShape, **WRONG}, tags=["sales"]
)
def create(request: HttpRequest, nip: str, new: NewSale) -> Status[SaleShape]:
    """A draft; with `issue` an issued document. A known `external_id` answers 200 with that one."""
    operator = operator_of(request, Right.ISSUE)
    client = client_of(request, nip)
    if known := _known(client, new.external_id):
        return Status(200, SaleShape.of(known))
    try:
        with transaction.atomic():
            sale = _created(client, operator, new)
    except IntegrityError:  # another call with the same key was quicker
        if known := _known(client, new.external_id):
            return Status(200, SaleShape.of(known))
        raise
    return Status(201, SaleShape.of(sale))


def _known(client: Client, external_id: str) -> Sale | None:
    if not external_id:
        return None
    return Sale.objects.of_client(client).filter(external_id=external_id).first()


def _created(client: Client, operator: Operator, new: NewSale) -> Sale:
    sale = drafts.new_draft(
        client,
        new.content,
        origin=Sale.Origin.API,
        actor=operator,
        external_id=new.external_id,
    )
    return issuing.issue(sale, actor=operator) if new.issue else sale


@api.post("/clients/{nip}/sales/xml", response={201: SaleShape, **WRONG}, tags=["sales"])
def create_from_xml(request: HttpRequest, nip: str, external_id: str = "") -> Status[SaleShape]:
    """A draft from FA(3) XML in the body, kept byte for byte."""
    operator = operator_of(request, Right.ISSUE)
    client = client_of(request, nip)
    if known := _known(client, external_id):
        return Status(201, SaleShape.of(known))
    if len(request.body) > LARGEST_XML:
        raise HttpError(422, "Plik jest większy niż 3 MB.")
    sale = drafts.draft_from_xml(client, request.body, actor=operator, external_id=external_id)
    return Status(201, SaleShape.of(sale))


@api.get("/sales/{sale_id}", response={200: SaleShape, **WRONG}, tags=["sales"])
def one(request: HttpRequest, sale_id: int) -> SaleShape:
    """A document and what KSeF said of it."""
    operator_of(request, Right.SEE)
    return SaleShape.of(sale_of(request, sale_id))


@api.get("/sales/{sale_id}/content", response={200: SaleContent, **WRONG}, tags=["sales"])
def content(request: HttpRequest, sale_id: int) -> SaleContent:
    """What was decided about it, in the form that drafts are made of."""
    operator_of(request, Right.SEE)
    return drafts.content_of_sale(sale_of(request, sale_id))


@api.put("/sales/{sale_id}/content", response={200: SaleShape, **WRONG}, tags=["sales"])
def change(request: HttpRequest, sale_id: int, content: SaleContent) -> SaleShape:
    """Another content for a draft."""
    operator = operator_of(request, Right.ISSUE)
    sale = drafts.save_draft(sale_of(request, sale_id), content, actor=operator)
    return SaleShape.of(sale)


@api.delete("/sales/{sale_id}", response={204: None, **WRONG}, tags=["sales"])
def delete(request: HttpRequest, sale_id: int) -> Status[None]:
    """Throw a draft away that never had a number."""
    operator = operator_of(request, Right.ISSUE)
    drafts.delete_draft(sale_of(request, sale_id), actor=operator)
    return Status(204, None)


@api.get("/sales/{sale_id}/findings", response={200: list[FindingShape], **WRONG}, tags=["sales"])
def findings(request: HttpRequest, sale_id: int) -> list[FindingShape]:
    """Everything that the check has to say; nothing is changed."""
    operator_of(request, Right.SEE)
    return [FindingShape.of(one) for one in checking.findings_of(sale_of(request, sale_id))]


@api.post("/sales/{sale_id}/issue", response={200: SaleShape, **WRONG}, tags=["sales"])
def issue(request: HttpRequest, sale_id: int, asked: Issuing) -> SaleShape:
    """Check, number and freeze a draft; what follows is the client's policy.

    With a `mode` it is issued offline, with both codes, and sent when KSeF is back.
    """
    operator = operator_of(request, Right.ISSUE)
    sale = issuing.issue(
        sale_of(request, sale_id),
        actor=operator,
        confirmed=frozenset(asked.confirmed),
        mode=asked.mode,
    )
    return SaleShape.of(sale)


@api.post("/sales/{sale_id}/send", response={202: SaleShape, **WRONG}, tags=["sales"])
def send(request: HttpRequest, sale_id: int) -> Status[SaleShape]:
    """Queue an issued document for KSeF; ask for the document to see what became of it.

    One that is on its way or in KSeF stays as it is.
    """
    operator = operator_of(request, Right.SEND)
    queued = sending.send([sale_of(request, sale_id)], actor=operator)
    sale = sale_of(request, sale_id)
    if queued.refused and sale.state not in IN_KSEF | {SaleState.SENDING}:
        raise queued.refused[0][1]
    return Status(202, SaleShape.of(sale))


@api.get("/sales/{sale_id}/xml", tags=["files"], openapi_extra=TOO_FAST)
def xml(request: HttpRequest, sale_id: int) -> HttpResponse:
    """The bytes as they are or will be in KSeF."""
    operator_of(request, Right.SEE)
    return HttpResponse(storage.xml_of(sale_of(request, sale_id)), content_type="application/xml")


@api.get("/sales/{sale_id}/pdf", tags=["files"], openapi_extra=TOO_FAST)
def pdf(request: HttpRequest, sale_id: int) -> HttpResponse:
    """The invoice as PDF/A-3."""
    operator_of(request, Right.SEE)
    return HttpResponse(printing.pdf_of(sale_of(request, sale_id)), content_type="application/pdf")


@api.get("/sales/{sale_id}/upo", tags=["files"], openapi_extra=TOO_FAST)
def upo(request: HttpRequest, sale_id: int) -> HttpResponse:
    """KSeF's receipt (XML), or 404 while there is none."""
    operator_of(request, Right.SEE)
    sale = sale_of(request, sale_id)
    if sale.upo is None:
        raise HttpError(404, "UPO jeszcze nie ma.")
    return HttpResponse(storage.bytes_of(sale.upo), content_type="application/xml")
