"""What the benches work on: one client of the invented world with its books and its purchases."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from obieg.demo.books import open_books
from obieg.demo.founding import admit
from obieg.demo.staff import assign, hire
from obieg.demo.world.calendar import Days
from obieg.demo.world.clients import Client as Firm
from obieg.demo.world.dice import dice
from obieg.demo.world.documents import Document
from obieg.demo.world.month import World
from obieg.demo.world.numbering import Numbering
from obieg.demo.world.purchases import draw_purchases
from obieg.demo.world.xml import xml_of
from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel, Role
from obieg.office.models import Client, Operator

DAY = date(2026, 11, 20)
BUYER = 30  # which of the world's clients; a wholesaler with full books


@dataclass(frozen=True, slots=True)
class Bench:
    """A client in the database, the firm behind it, the channel of its purchases, who serves it."""

    client: Client
    firm: Firm
    channel: Channel
    operator: Operator


@cache
def world() -> World:
    return World.of(7)


def found_bench() -> Bench:
    """The client with chart, rules and channels; made once, found again later."""
    firm = world().clients[BUYER]
    operators = hire()
    client = admit(firm)
    assign(operators, [client])
    open_books([(client, firm)], operators[-1])
    channels = {channel.role: channel for channel in ensure_channels(client)}
    return Bench(client, firm, channels[Role.BUYER], operators[0])


def purchases(firm: Firm, count: int) -> list[Document]:
    """`count` purchases of the firm, as the demo invents them."""
    random = dice(7, f"bench {count}")
    days = Days.up_to(DAY).draw(random, count)
    return list(draw_purchases(random, [firm], world().suppliers, days, Numbering()))


def documents(firm: Firm, count: int) -> list[bytes]:
    """The XML of `count` purchases."""
    return [xml_of(document) for document in purchases(firm, count)]
