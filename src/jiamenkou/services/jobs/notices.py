"""What the employment station tells people."""

from __future__ import annotations

from collections.abc import Mapping

from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.messages.notices import Notice, register


def _link(message: Message) -> Mapping[str, str]:
    """The signed link of the employer a message goes to, made as it is sent."""
    from jiamenkou.services.jobs.actions.employers import fresh_link

    return fresh_link(message.organisation)


def _family_link(message: Message) -> Mapping[str, str]:
    """The link for the yes of the person a message goes to, made as it is sent."""
    from jiamenkou.services.jobs.actions.family import fresh_family_link

    return fresh_family_link(message)


APPLIED = Notice(
    "jobs.applied", "有人投递", "{name} 想应聘{title}", "请在 {days} 天内回话。", "send", "blue", sms="JOBS_APPLIED",
    fresh=_link, to_residents=False,
)  # fmt: skip
RECOMMENDED = Notice(
    "jobs.recommended",
    "社区推荐岗位",
    "社区给您找了个活：{title}",
    "{employer}。{word}",
    "briefcase",
    "green",
    sms="JOBS_RECOMMENDED",
)
INTERVIEW = Notice(
    "jobs.interview", "约面试", "{employer} 约您面试", "{when}，{where}", "calendar-clock", "violet", sms="JOBS_INTERVIEW",
    can_be_disabled=False,
)  # fmt: skip
HIRED = Notice(
    "jobs.hired", "录用", "{employer} 录用您了", "{title}，{when}上岗", "circle-check", "green", sms="JOBS_HIRED",
    can_be_disabled=False,
)  # fmt: skip
REFUSED = Notice(
    "jobs.refused", "没录用", "{employer} 这次没录用", "{title}：{reason}。社区接着帮您找。", "info", "orange"
)
SILENT = Notice(
    "jobs.silent", "单位没回话", "{employer} 一直没回话", "{title} 的投递已关闭，社区接着帮您找。", "clock", "orange",
    can_be_disabled=False,
)  # fmt: skip
CHASE = Notice(
    "jobs.chase",
    "提醒单位回话",
    "还有 {count} 位应聘者等您回话",
    "{title}，最早的已经等了 {days} 天。",
    "clock",
    "orange",
    sms="JOBS_CHASE",
    fresh=_link,
    to_residents=False,
)
GONE = Notice(
    "jobs.gone", "岗位下架", "{title} 已下架", "{reason}。您不用再等，社区接着帮您找。", "circle-x", "orange",
    sms="JOBS_GONE", can_be_disabled=False,
)  # fmt: skip
RENEW = Notice(
    "jobs.renew", "还在找工作吗", "您还在找工作吗？", "上次说想做{wanted}。回一句，我们好帮您留意。", "clock", "blue"
)
PLACED = Notice(
    "jobs.placed", "上岗", "恭喜上岗：{title}", "7 天、30 天、90 天我们会来问问顺不顺。", "circle-check", "green"
)
ASKED = Notice("jobs.asked", "居民说一句", "{name} 想找活", "“{words}”", "message-circle", "blue")
FILED = Notice(
    "jobs.filed", "家人代投", "家人替您投了：{title}", "{employer}。不想去，点开就能撤回。", "send", "green", sms="JOBS_FILED",
    can_be_disabled=False,
)  # fmt: skip

FAMILY_ASK = Notice(
    "jobs.family_ask", "家人想替您投", "家里人想替您投：{title}", "{employer}。您点头才投，{day}前没回话就不投了。",
    "users-round", "orange", sms="JOBS_FAMILY_ASK", can_be_disabled=False, fresh=_family_link,
)  # fmt: skip
FAMILY_YES = Notice(
    "jobs.family_yes",
    "家里人点头了",
    "{name}点头了，投出去了",
    "{title}。单位有消息就告诉您。",
    "circle-check",
    "green",
)
FAMILY_NO = Notice(
    "jobs.family_no", "家里人不去", "{name}说不投", "{title}。没有投，单位什么都没看到。", "circle-minus", "orange"
)
FAMILY_LATE = Notice(
    "jobs.family_late",
    "家里人没回话",
    "{name}一直没回话，没有投",
    "{title}。还想投，问好了再点一次。",
    "clock",
    "orange",
)
FAMILY_CLOSED = Notice(
    "jobs.family_closed",
    "岗位不招了",
    "{name}点头的时候，岗位已经不招了",
    "{title}。没有投，看看类似的。",
    "info",
    "orange",
)


def register_all() -> None:
    """Make the notices of this room known."""
    register(APPLIED, RECOMMENDED, INTERVIEW, HIRED, REFUSED, SILENT, CHASE, GONE, RENEW, PLACED, ASKED, FILED)
    register(FAMILY_ASK, FAMILY_YES, FAMILY_NO, FAMILY_LATE, FAMILY_CLOSED)
