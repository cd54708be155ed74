"""The pages that a scanned QR code opens, for trainees and for tests."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ksef_emulator.identifiers import WARSAW
from ksef_emulator.qr.certificate import read_link, verify_issuer
from ksef_emulator.qr.findings import BadLink, Finding
from ksef_emulator.qr.invoice import HeldInvoice, held_invoice
from ksef_emulator.world import World

PAGE = """\
<!doctype html>
<html lang="pl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – emulator KSeF</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif }}
body {{ max-width: 40rem; margin: 2rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.4rem }}
.good::before {{ content: "✓ "; color: #0a7a33 }}
.bad::before {{ content: "✗ "; color: #b00020 }}
dt {{ color: #555 }}
dd {{ margin: 0 0 .6rem; overflow-wrap: anywhere }}
ul {{ list-style: none; padding: 0 }}
footer {{ color: #555; margin-top: 2rem }}
</style>
</head>
<body>
<main>
<h1 class="{mark}">{title}</h1>
{body}
</main>
<footer>Emulator KSeF: to nie jest strona Ministerstwa Finansów.</footer>
</body>
</html>
"""


def qr_routes(world: World) -> list[Route]:
    """Routes of codes I and II."""

    def invoice(request: Request) -> Response:
        parts = request.path_params
        try:
            held = held_invoice(world, parts["nip"], parts["day"], parts["digest"])
        except BadLink as error:
            return _bad_link(error)
        return _held(held) if held else _not_held()

    def certificate(request: Request) -> Response:
        try:
            link = read_link(request.url.netloc, request.url.path)
        except BadLink as error:
            return _bad_link(error)
        return _verified(verify_issuer(world, link))

    return [
        Route("/invoice/{nip}/{day}/{digest}", invoice, methods=["GET"]),
        Route("/certificate/{rest:path}", certificate, methods=["GET"]),
    ]


def _page(title: str, body: str, *, good: bool, status: int = 200) -> Response:
    mark = "good" if good else "bad"
    return HTMLResponse(PAGE.format(title=escape(title), mark=mark, body=body), status)


def _held(invoice: HeldInvoice) -> Response:
    accepted = invoice.accepted.astimezone(WARSAW)
    rows = (
        ("Numer KSeF", invoice.ksef_number),
        ("Sprzedawca", invoice.seller),
        ("Data wystawienia", f"{invoice.issued:%d.%m.%Y}"),
        ("Przyjęta", f"{accepted:%d.%m.%Y %H:%M:%S}"),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return _page("Faktura jest w KSeF", f"<dl>{listed}</dl>", good=True)


def _not_held() -> Response:
    text = "KSeF nie ma faktury o tym skrócie, sprzedawcy i dacie wystawienia."
    hint = "Faktura mogła zostać zmieniona albo jeszcze nieprzesłana."
    return _page("Faktury nie ma w KSeF", f"<p>{text} {hint}</p>", good=False, status=404)


def _verified(findings: list[Finding]) -> Response:
    good = all(finding.good for finding in findings)
    listed = "".join(
        f'<li class="{"good" if finding.good else "bad"}">{escape(finding.text)}</li>'
        for finding in findings
    )
    title = "Wystawca potwierdzony" if good else "Wystawca niepotwierdzony"
    return _page(title, f"<ul>{listed}</ul>", good=good)


def _bad_link(error: BadLink) -> Response:
    return _page("Nieprawidłowy adres", f"<p>{escape(str(error))}</p>", good=False, status=400)
