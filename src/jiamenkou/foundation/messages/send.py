"""Telling somebody: rows in the caller's transaction, sending after commit from the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages.channels import defer
from jiamenkou.foundation.messages.choices import channels_for
from jiamenkou.foundation.messages.models import Channel, Delivery, DeliveryState, Message
from jiamenkou.foundation.messages.notices import Notice
from jiamenkou.foundation.people.models import Account, Organisation, Resident
from jiamenkou.foundation.rows import insert


def tell(
    notice: Notice,
    to: Resident | Organisation | Account,
    *,
    href: str = "",
    answers: Iterable[str] = (),
    **variables: str | int,
) -> Message:
    """One message with its deliveries. Variables hold no number of identity and no resident's phone.

    Beyond the screen the first channel is tried that may reach the addressee; the next when it fails.
    """
    route = channels_for(notice, to if isinstance(to, Resident) else None)[1:]
    return tell_over(route, notice, to, variables, href=href, answers=answers)


def tell_over(
    route: Sequence[Channel],
    notice: Notice,
    to: Resident | Organisation | Account,
    variables: Mapping[str, str | int],
    *,
    href: str = "",
    answers: Iterable[str] = (),
    text: str | None = None,
) -> Message:
    """As :func:`tell`, over exactly these channels beyond the screen, one after the other.

    ``text`` stands on the screen in place of the notice's own body and is no variable of an SMS.
    """
    message = Message(
        notice=notice.key,
        title=notice.title.format(**variables)[:80],
        body=(notice.body.format(**variables) if text is None else text)[:500],
        icon=notice.icon,
        tone=notice.tone,
        href=href,
        answers=list(answers),
        route=list(route[1:]),
        variables={name: str(value) for name, value in variables.items()},
    )
    if isinstance(to, Resident):
        message.resident, message.community_id = to, to.community_id
    elif isinstance(to, Organisation):
        message.organisation, message.community_id = to, to.community_id
    else:
        message.account = to
    with _lent(to):
        insert(message)
        # what is on the screen has arrived; the other is the worker's
        insert(Delivery(message=message, channel=Channel.IN_APP, state=DeliveryState.DELIVERED))
        for channel in route[:1]:
            defer(Delivery.objects.create(message=message, channel=channel))
    return message


def _lent(to: Resident | Organisation | Account) -> AbstractContextManager[None]:
    """Whoever tells staff or an organisation does not see what they are told, and the database gives back the id of a row
    only to whoever sees it: everything is in view for these few statements. A person is in the teller's own sight."""
    return nullcontext() if isinstance(to, Resident) else scope(EVERYTHING)
