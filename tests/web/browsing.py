"""A page in headless Chromium, with everything that the console said."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.test import Client as Visitor
from playwright.sync_api import Browser, ConsoleMessage, Page

from obieg.office.models import Operator

CHROMIUM = Path("/usr/bin/chromium")
SHOTS = Path(__file__).resolve().parents[2] / "shots"


class Screen:
    """An operator's screen on a live server."""

    ARGUMENTS: ClassVar[list[str]] = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=pl-PL",
    ]

    def __init__(
        self, browser: Browser, address: str, *, width: int = 1440, theme: str = "light"
    ) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            locale="pl-PL",
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def log_in(self, operator: Operator) -> "Screen":
        """By the session's cookie; the form has a test of its own."""
        visitor = Visitor()
        visitor.force_login(operator)
        cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": self.address}]
        )
        return self

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def press(self, *keys: str) -> None:
        """Keys one after another, each answered before the next."""
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_load_state("networkidle")

    def picture(self, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def is_wider_than_its_window(self) -> bool:
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )

    def close(self) -> None:
        self.context.close()
