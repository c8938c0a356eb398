"""What the forms of a station's page do: a host, a thing, a service, a facility, a closing day; a host leaves, a thing changes."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings.ending import close_day
from jiamenkou.foundation.bookings.models import Resource
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.people.roster.values import parse_phones
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.vault.service import blind_index
from jiamenkou.services.stations.access import one, thing_for_staff
from jiamenkou.services.stations.actions import lending
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.desk.given import how, number
from jiamenkou.services.stations.forms.phone import stored
from jiamenkou.services.stations.models import Station, Thing
from jiamenkou.services.stations.permissions import StationsPermission
from jiamenkou.services.stations.states import ThingState

EDIT = StationsPermission.EDIT

ICONS = {
    "轮椅": "accessibility",
    "拐": "accessibility",
    "钻": "drill",
    "血压": "heart-pulse",
    "书": "book-open",
    "伞": "umbrella",
    "剪": "scissors",
}
MEASURES = {
    "轮椅": "辆",
    "拐": "根",
    "梯": "架",
    "伞": "把",
    "钻": "把",
    "机": "台",
    "计": "台",
    "车": "辆",
    "床": "张",
    "椅": "把",
}


def icon_for(name: str) -> str:
    return next((icon for word, icon in ICONS.items() if word in name), "package")


def measure_for(name: str) -> str:
    return next((measure for word, measure in MEASURES.items() if word in name), "个")


def _account(text: str) -> Account:
    """By user name, or by the number the person signs in with."""
    found = Account.objects.filter(username=text.strip(), is_active=True).first()
    if found is None:
        try:
            phones = parse_phones(text) or ()
        except Exception:
            phones = ()
        if phones:
            index = blind_index("phone", phones[0])
            found = Account.objects.filter(Q(phone_index=index), is_active=True).first()
    if found is None:
        raise Refused("没有这个账号。请他先用手机登录一次。", field="username", code="unknown")
    return found


def _add_host(request: Visit, station: Station, form: forms.Form) -> None:
    data = form.cleaned_data
    acts.add_host(station, _account(data["username"]), data["called"], skill=data["skill"], **how(request, "请主理人"))


def _add_thing(request: Visit, station: Station, form: forms.Form) -> None:
    data = form.cleaned_data
    kind = acts.kind_named(
        station,
        data["kind"],
        loan_days=data["loan_days"],
        by_need=data["by_need"],
        icon=icon_for(data["kind"]),
        measure=measure_for(data["kind"]),
        **how(request, "登记东西"),
    )
    thing = acts.add_thing(
        kind,
        data["number"],
        condition=data["condition"],
        from_whom=data["from_whom"],
        now=timezone.now(),
        **how(request, "登记东西"),
    )
    photo = stored(form, "photo", by=request.actor, community=station.community_id, public=True)
    if photo is not None:
        Thing.objects.filter(pk=thing.pk).update(photo=photo)


def _add_service(request: Visit, station: Station, form: forms.Form) -> None:
    data = form.cleaned_data
    acts.add_service(
        station,
        data["title"],
        data["who"],
        data["service_hours"],
        minutes=data["minutes"],
        price_fen=data["yuan"] * 100,
        at_home=data["at_home"],
        home_age=data["home_age"],
        **how(request, "登记服务"),
    )


def _add_facility(request: Visit, station: Station, form: forms.Form) -> None:
    data = form.cleaned_data
    acts.set_facility(
        station, data["facility"], note=data["note"], working=data["working"], **how(request, "登记设施")
    )


def _close_day(request: Visit, station: Station, form: forms.Form) -> None:
    data, now = form.cleaned_data, timezone.now()
    if data["day"] < timezone.localdate(now):
        raise Refused("这天已经过了。", field="day", code="past")
    for resource in _calendars(station):
        close_day(resource, data["day"], data["why"], now=now, **how(request, "休息一天"))


def _calendars(station: Station) -> list[Resource]:
    return [resource for resource in acts.resources_of(station) if resource.kind != "thing"]


ADDS: dict[str, Callable[[Visit, Station, forms.Form], None]] = {
    "host": _add_host,
    "thing": _add_thing,
    "service": _add_service,
    "facility": _add_facility,
    "closing": _close_day,
}


def end_host(request: Visit, station: Station) -> None:
    host = one(station.hosts.current(), number(request, "host"))
    successor = None
    if request.POST.get("successor", "").strip():
        try:
            successor = _account(request.POST["successor"])
        except Refused as refused:
            raise Refused(refused.message, code="unknown") from refused
    called = request.POST.get("called", "").strip() or (successor.display_name if successor else "")
    acts.end_host(host, successor, called, now=timezone.now(), **how(request, "主理人离开"))


def thing_state(request: Visit) -> None:
    thing = thing_for_staff(request.actor, number(request, "thing"), EDIT)
    to = request.POST.get("to", "")
    if to not in ThingState.values:
        raise Refused("没有这个状态。", code="state")
    lending.set_state(thing, ThingState(to), now=timezone.now(), **how(request, "改东西的状态"))
