"""What the stations tell people."""

from __future__ import annotations

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.messages.notices import Notice, register
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Resident

REPAIR_MENDING = Notice(
    "stations.mending", "在修了", "您的{what}在修了", "{station}，修好了告诉您。", "wrench", "violet"
)
REPAIR_READY = Notice(
    "stations.ready", "修好了", "您的{what}修好了，可以来取", "{station}。{done}取件码 {code}。", "umbrella", "violet",
    sms="STATIONS_READY", can_be_disabled=False,
)  # fmt: skip
REPAIR_BEYOND = Notice(
    "stations.beyond", "修不了", "您的{what}修不了", "{done}请来 {station} 取回，取件码 {code}。", "circle-x", "orange",
    sms="STATIONS_BEYOND", can_be_disabled=False,
)  # fmt: skip
REPAIR_FETCHED = Notice(
    "stations.fetched", "取走了", "{what}取走了", "{station}，用得好再来。", "circle-check", "green"
)
LENT = Notice("stations.lent", "借到了", "您借了{what}", "{day}前还到 {station}。", "package", "violet")
RETURNED = Notice("stations.returned", "还好了", "{what}还好了", "{station} 收到了，谢谢。", "circle-check", "green")
DUE = Notice("stations.due", "该还了", "{what}{day}该还了", "还到 {station}。还要用，点开续借。", "clock", "orange",
             sms="STATIONS_DUE")  # fmt: skip
LATE = Notice("stations.late", "过了归还日", "{what}过了归还日", "有人等着用，请还到 {station}。", "clock", "red",
              sms="STATIONS_LATE", can_be_disabled=False)  # fmt: skip
OFFERED = Notice(
    "stations.offered", "轮到您了", "轮到您了：{what}", "给您留到 {until}，过时给下一位。", "bell-ring", "violet",
    sms="STATIONS_OFFERED", can_be_disabled=False,
)  # fmt: skip
BOOKED = Notice("stations.booked", "约好了", "约好了：{what}", "{when}，{station}。", "calendar-check", "violet")
SOON = Notice("stations.soon", "约好的快到了", "{what}：{when}", "{station}。来不了请点开说一声。", "alarm-clock", "violet",
              sms="STATIONS_SOON")  # fmt: skip
CALLED_OFF = Notice(
    "stations.called_off", "取消了", "{what} 取消了", "{why}。请另约时间。", "circle-x", "orange",
    sms="STATIONS_CALLED_OFF", can_be_disabled=False,
)  # fmt: skip
COUPLET_READY = Notice(
    "stations.couplet",
    "春联写好了",
    "您的春联写好了，来取",
    "{station}。",
    "scroll-text",
    "red",
    sms="STATIONS_COUPLET",
)
GIFT = Notice("stations.gift", "送您一件", "送您{what}", "邻居们收来、修好的，到 {station} 取。", "gift", "violet")
WORK_ASKED = Notice("stations.work", "想展出您的作品", "想展出您的《{title}》", "您同意了才展，随时能收回。", "image", "blue",
                    can_be_disabled=False)  # fmt: skip
WORK_GIVEN = Notice(
    "stations.work_given", "送您一幅", "{author} 送您《{title}》", "到 {station} 取。", "gift", "violet"
)
HELP_ASKED = Notice(
    "stations.help", "帮您的人要记时长", "{name} 帮您{what} {minutes} 分钟，对吗？", "您点一下，就记到他的时长账户。",
    "heart-handshake", "green", can_be_disabled=False,
)  # fmt: skip
HELP_COUNTED = Notice("stations.counted", "时长记上了", "{minutes} 分钟记上了", "{what}。", "heart-handshake", "green")
HELP_REVERSED = Notice(
    "stations.reversed", "时长改了", "{minutes} 分钟改掉了", "{why}", "rotate-ccw", "orange", can_be_disabled=False
)
HOURS_RECEIVED = Notice(
    "stations.hours_in", "有人送您时长", "{name} 送您 {minutes} 分钟", "可以请人帮忙时用。", "gift", "green"
)
NEW_HOST = Notice(
    "stations.new_host",
    "站长换人了",
    "{station} 的站长换成 {name}",
    "借的、修的都由新站长接着管。",
    "users-round",
    "violet",
)
CLAIMED = Notice(
    "stations.claimed", "认领成了", "{corner} 归您管了", "社区同意了，一起把它办起来。", "key-round", "green"
)


def register_all() -> None:
    register(
        *(REPAIR_MENDING, REPAIR_READY, REPAIR_BEYOND, REPAIR_FETCHED, LENT, RETURNED, DUE, LATE, OFFERED, BOOKED),
        *(SOON, CALLED_OFF, COUPLET_READY, GIFT, WORK_ASKED, WORK_GIVEN, HELP_ASKED, HELP_COUNTED, HELP_REVERSED),
        *(HOURS_RECEIVED, NEW_HOST, CLAIMED),
    )


def say(notice: Notice, resident: int | None, *, href: str, answers: tuple[str, ...] = (), **words: str | int) -> None:
    """Tell a resident who may be outside the sight of whoever acts (a host sees no register). Nobody for None."""
    if resident is None:
        return
    with scopes.scope(scopes.EVERYTHING):
        person = Resident.objects.filter(pk=resident, deceased_on__isnull=True).first()
        if person is not None:
            tell(notice, person, href=href, answers=answers, **words)
