"""The README of the file, for who opens it without Obieg."""

from datetime import datetime

from obieg.core.polish import format_time
from obieg.office.models import Client
from obieg.retention.archive.documents import PAPERS
from obieg.retention.archive.sheets import SHEETS


def readme(client: Client, moment: datetime) -> str:
    """What the file holds and how to read it; Polish."""
    sheets = "\n".join(f"  {sheet.path:<24} {sheet.about}" for sheet in SHEETS)
    papers = "\n".join(f"  {papers.folder + '/':<24} {papers.about}" for papers in PAPERS)
    return _TEXT.format(
        name=client.name, nip=client.nip, moment=format_time(moment), sheets=sheets, papers=papers
    )


_TEXT = """\
DANE KLIENTA Z PROGRAMU OBIEG

Klient: {name}
NIP: {nip}
Stan na: {moment} (czas polski; plik powstaje kilka minut, więc ostatnie zmiany mogą być
w jednych tabelach, a w innych jeszcze nie)

Obieg nie jest potrzebny, aby to przeczytać: są tu pliki XML, CSV i JSON w kodowaniu UTF-8.
CSV: średnik między kolumnami, przecinek dziesiętny, daty RRRR-MM-DD; otwiera je każdy arkusz.
Puste tabele mają sam nagłówek. Sekretów (tokenów, kluczy) tu nie ma.

DOKUMENTY (po jednym archiwum ZIP na miesiąc)
{papers}

Pliki XML są dokładnie takie, jak w KSeF. Ich wizualizację pokaże bezpłatna aplikacja Ministerstwa
Finansów. Faktura wystawiona ma w nazwie numer z kolumny „Nr w Obiegu” tabeli sprzedaz.csv.

TABELE
{sheets}

klient.json   dane klienta i ustawienia
manifest.json skrót SHA-256 każdego pliku, do sprawdzenia, czy nic się nie zmieniło
braki.csv     jest tylko wtedy, gdy jakiegoś pliku nie dało się odczytać

Plik zawiera dane osobowe. Przekaż go bezpiecznie i usuń, gdy nie będzie potrzebny.
"""
