"""How a code reaches a phone. The SMS adapter of ``messages`` registers itself here; the demo shows it on the screen."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings


class CodeSender(Protocol):
    """``on_screen``: the page shows the code (demo only). ``calls``: it can also read the code out over the phone."""

    on_screen: bool
    calls: bool

    def deliver(self, phone: str, code: str, spoken: bool) -> None:
        """Hand the code over to the provider. Called after commit; may raise, which is logged, not shown."""


class NoSender(RuntimeError):
    """Nothing is configured that could reach a phone."""


class ScreenSender:
    """The demo has no phones to send to."""

    on_screen = True
    calls = True

    def deliver(self, phone: str, code: str, spoken: bool) -> None:
        return None


_registered: list[CodeSender] = []


def register(sender: CodeSender) -> None:
    """Use ``sender`` from now on."""
    _registered[:] = [sender]


def unregister() -> None:
    """Use none any more."""
    _registered.clear()


def sender() -> CodeSender:
    """The registered sender; without one the demo's. Raises :class:`NoSender` outside the demo."""
    if _registered:
        return _registered[0]
    if settings.DEMO:
        return ScreenSender()
    raise NoSender("no way to send a code is configured")


def deliver_code(phone: str, code: str, spoken: bool = False) -> None:
    """Send ``code`` to ``phone`` (eleven digits) as a message, or read it out."""
    sender().deliver(phone, code, spoken)
