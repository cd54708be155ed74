"""The office's webhook: JSON, signed, sent by jobs with retries, and never led elsewhere.

The receiver computes HMAC-SHA256 with the shared secret over `X-Obieg-Timestamp`, a full stop and
the body, and compares it with `X-Obieg-Signature` (`sha256=` and hex).
"""

import hashlib
import hmac
import socket
import time
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx
from django.db import transaction
from django.utils import timezone

from obieg.core.errors import Transient, UserFixable
from obieg.ksef.trust import trusted
from obieg.vault.envelope import Binding, seal, unseal
from obieg.watch.models import Post, WatchSettings, WebhookSecret

TIMEOUT = 10  # seconds for each step of a call
KEPT = timedelta(days=14)
METADATA = frozenset(map(ip_address, ("fd00:ec2::254", "100.100.100.200", "168.63.129.16")))
_BINDING = Binding(None, "webhook", "")


class WebhookUnavailable(Transient):
    """The webhook did not answer, or not with 2xx."""

    code = "watch.webhook_unavailable"
    message_pl = "Webhook nie przyjął alertów: {text}."


class WebhookMissing(UserFixable):
    """The webhook was switched off while a call waited."""

    code = "watch.webhook_missing"
    message_pl = "Webhook jest wyłączony albo nie ma sekretu: uzupełnij ustawienia nadzoru."


class WebhookForbidden(UserFixable):
    """The address leads to what hands out secrets to whoever asks from this machine."""

    code = "watch.webhook_forbidden"
    message_pl = (
        "Adres webhooka prowadzi do {address}. To adres usług samej maszyny (metadane chmury), "
        "pod który Obieg niczego nie wysyła. Podaj adres odbiorcy alertów."
    )


def refuse_forbidden(url: str) -> None:
    """Raise WebhookForbidden where the host is, or resolves to, a link-local address.

    A server of the office's own network is the owner's choice. A name that resolves to something
    else a moment later still meets a service that wants a header of its own or a GET, and gets a
    POST without redirects, whose answer nobody reads.
    """
    host = urlsplit(url).hostname or ""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return  # it will not be reached either
    for text in sorted(found):
        address = ip_address(text.partition("%")[0])
        plain = getattr(address, "ipv4_mapped", None) or address
        if plain.is_link_local or plain.is_multicast or plain.is_unspecified or plain in METADATA:
            raise WebhookForbidden(address=text)


def set_secret(secret: str) -> None:
    """Keep the shared secret, sealed, in place of the one before."""
    envelope = seal(secret.encode(), _BINDING)
    WebhookSecret.objects.update_or_create(
        defaults={
            "ciphertext": envelope.ciphertext,
            "wrapped_key": envelope.wrapped_key,
            "master_key_id": envelope.master_key_id,
        }
    )


def queue_post(body: str) -> Post:
    """Queue one call as a part of the caller's transaction."""
    with transaction.atomic():
        post = Post.objects.create(body=body)
        post.queue()
    return post


def send_post(post_id: int) -> None:
    """One try; what failed for now is queued for later."""
    Post.objects.get(pk=post_id).attempt(lambda post: post_now(post.body))


def forget_old() -> None:
    """Delete calls that nobody asks about any more; the alerts that they told of stay."""
    Post.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What `X-Obieg-Signature` says."""
    signed = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def post_now(text: str) -> None:
    """One call with `text` (JSON); WebhookMissing, WebhookForbidden or WebhookUnavailable."""
    settings, secret = WatchSettings.present(), WebhookSecret.objects.first()
    if not settings.webhook_url or secret is None:
        raise WebhookMissing
    refuse_forbidden(settings.webhook_url)
    body, timestamp = text.encode(), str(round(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Obieg-Timestamp": timestamp,
        "X-Obieg-Signature": signature(unseal(secret, _BINDING), timestamp, body),
    }
    try:
        with (
            httpx.Client(
                timeout=TIMEOUT, follow_redirects=False, trust_env=False, verify=trusted()
            ) as client,
            client.stream("POST", settings.webhook_url, content=body, headers=headers) as answer,
        ):
            status = answer.status_code  # the body is nobody's concern, however long it is
    except httpx.HTTPError as error:
        raise WebhookUnavailable(text=str(error) or type(error).__name__) from error
    if answer.is_redirect:
        raise WebhookUnavailable(text="odesłał pod inny adres; podaj adres docelowy")
    if not answer.is_success:
        raise WebhookUnavailable(text=f"odpowiedział {status}")
