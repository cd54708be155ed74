"""UPO 4.3: the Ministry's signed receipt for an invoice or a session."""

from pathlib import PurePosixPath

from lxml import etree

from ksef_emulator.auth.access import authentications
from ksef_emulator.authority import ministry
from ksef_emulator.clock import to_datetime
from ksef_emulator.identifiers import WARSAW, IdentifierType
from ksef_emulator.schemas import FORMS
from ksef_emulator.sessions.records import SentInvoice, Session, UpoPage, find_sent
from ksef_emulator.world import World
from ksef_emulator.xades.signing import sign_enveloped

NAMESPACE = "http://upo.schematy.mf.gov.pl/KSeF/v4-3"
CONTEXT_ELEMENTS = {
    IdentifierType.NIP: "Nip",
    IdentifierType.INTERNAL_ID: "IdWewnetrzny",
    IdentifierType.NIP_VAT_UE: "IdZlozonyVatUE",
    IdentifierType.PEPPOL_ID: "IdDostawcyUslugPeppol",
}


def invoice_upo(world: World, session: Session, sent: SentInvoice) -> bytes:
    """The signed receipt for one invoice; the same bytes at every call."""
    return _kept(world, f"upo-{sent.reference}", session, [sent], None)


def session_upo(world: World, session: Session, page: UpoPage) -> bytes:
    """One signed page of a session's receipt; the same bytes at every call."""
    good = find_sent(world, "session = ? AND code = 200 ORDER BY ordinal", session.reference)
    listed = good[page.first - 1 : page.last]
    return _kept(world, f"upo-{page.reference}", session, listed, page)


def _kept(
    world: World, key: str, session: Session, sent: list[SentInvoice], page: UpoPage | None
) -> bytes:
    with world.db.lock:
        row = world.db.row("SELECT data FROM blobs WHERE key = ?", (key,))
        if row is not None:
            kept: bytes = row[0]
            return kept
        signer = ministry(world)
        root = sign_enveloped(
            _receipt(world, session, sent, page),
            signer.key,
            signer.certificate,
            world.clock.now(),
        )
        made = etree.tostring(root, xml_declaration=True, encoding="utf-8")
        world.db.execute("INSERT INTO blobs VALUES (?, ?)", (key, made))
        return made


def _receipt(
    world: World, session: Session, sent: list[SentInvoice], page: UpoPage | None
) -> etree._Element:
    nsmap: dict[str | None, str] = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}Potwierdzenie", nsmap=nsmap)  # type: ignore[arg-type]  # the stubs know no default namespace
    _add(root, "NazwaPodmiotuPrzyjmujacego", "Ministerstwo Finansów")
    _add(root, "NumerReferencyjnySesji", session.reference)
    _add_authentication(world, root, session)
    if page is not None:
        _add_description(root, page)
    form = next(form for form in FORMS if form.system_code == session.system_code)
    _add(root, "NazwaStrukturyLogicznej", PurePosixPath(form.file).name)
    _add(root, "KodFormularza", form.system_code)
    issued = _issue_dates(world, session)
    for invoice in sent:
        _add_invoice(root, invoice, issued[invoice.ksef_number or ""])
    return root


def _issue_dates(world: World, session: Session) -> dict[str, str]:
    return dict(
        world.db.rows(
            "SELECT ksef_number, issue_date FROM invoices JOIN sent USING (ksef_number)"
            " WHERE sent.session = ?",
            (session.reference,),
        )
    )


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element


def _add_authentication(world: World, root: etree._Element, session: Session) -> None:
    wrapper = _add(root, "Uwierzytelnienie")
    context = _add(wrapper, "IdKontekstu")
    _add(context, CONTEXT_ELEMENTS[session.context.type], session.context.value)
    authentication = authentications(world).get(session.authentication)
    if authentication is not None and authentication.token_reference:
        _add(wrapper, "NumerReferencyjnyTokenaKSeF", authentication.token_reference)
    elif authentication is not None:
        _add(wrapper, "SkrotDokumentuUwierzytelniajacego", authentication.document_hash)


def _add_description(root: etree._Element, page: UpoPage) -> None:
    wrapper = _add(root, "OpisPotwierdzenia")
    for name, value in (
        ("Strona", page.page),
        ("LiczbaStron", page.pages),
        ("ZakresDokumentowOd", page.first),
        ("ZakresDokumentowDo", page.last),
        ("CalkowitaLiczbaDokumentow", page.total),
    ):
        _add(wrapper, name, str(value))


def _add_invoice(root: etree._Element, sent: SentInvoice, issued: str) -> None:
    wrapper = _add(root, "Dokument")
    _add(wrapper, "NipSprzedawcy", (sent.ksef_number or "")[:10])
    _add(wrapper, "NumerKSeFDokumentu", sent.ksef_number)
    _add(wrapper, "NumerFaktury", sent.number)
    _add(wrapper, "DataWystawieniaFaktury", issued)
    _add(wrapper, "DataPrzeslaniaDokumentu", _local(sent.invoicing))
    _add(wrapper, "DataNadaniaNumeruKSeF", _local(sent.acquisition or sent.invoicing))
    _add(wrapper, "SkrotDokumentu", sent.hash)
    _add(wrapper, "TrybWysylki", sent.mode)


def _local(micros: int) -> str:
    return to_datetime(micros).astimezone(WARSAW).isoformat(timespec="milliseconds")
