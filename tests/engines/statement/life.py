"""One invented household: what it did, account by account, and the files it hands in."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from tests.engines.statement.exports import Event, write

SURNAMES = "卜尤石温庄晏瞿阎艾项祝闵季贾路江童颜梅盛林钟骆樊凌霍虞万管卢莫缪干解宗丁邓洪诸左崔吉龚"
GIVEN = [
    "嘉树",
    "望舒",
    "小满",
    "立秋",
    "晓棠",
    "书言",
    "明远",
    "素心",
    "景行",
    "长庚",
    "若水",
    "云起",
    "之桃",
    "安歌",
]
SHOPS = [
    "街角小店",
    "老李面馆",
    "惠民药房",
    "阳光超市",
    "城南菜场",
    "便利蜂",
    "理发店",
    "公交集团",
    "自来水公司",
    "燃气公司",
]
ESTATES = ["锦绣江南", "桃园里", "翡翠湾", "学府壹号", "云栖谷"]


@dataclass
class Life:
    """What one household did, and the files it hands in."""

    name: str
    owner: str
    seed: int
    months: int = 6
    events: list[Event] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(f"{self.name}-{self.seed}")
        self.start = datetime(2025, 1, 1)
        self.deals = 0

    def person(self) -> str:
        while (name := self.random.choice(SURNAMES) + self.random.choice(GIVEN)) == self.owner:
            pass
        return name

    def moment(self, month: int, day: int | None = None) -> datetime:
        day = day or self.random.randint(1, 28)
        return datetime(2025 + month // 12, month % 12 + 1, day) + timedelta(
            seconds=self.random.randint(6 * 3600, 22 * 3600)
        )

    def post(
        self, account: str, when: datetime, amount: int, party: str = "", memo: str = "", **truth: object
    ) -> Event:
        event = Event(account, when, amount, party, memo, **truth)  # type: ignore[arg-type]
        if not event.sort:
            event.sort = "转账" if self.accounts[account] == "wechat" else "转账汇入" if amount > 0 else "转账汇款"
        self.events.append(event)
        return event

    def daily(self, account: str, count: int) -> None:
        sort = {"wechat": "商户消费", "alipay": "日用百货"}.get(self.accounts[account], "消费")
        for _ in range(count):
            when = self.moment(self.random.randrange(self.months))
            self.post(account, when, -self.random.randint(300, 15_000), self.random.choice(SHOPS), sort=sort)

    def deal(
        self,
        incoming: list[tuple[str, int, str, str]],
        outgoing: list[tuple[str, int, str, str]],
        when: datetime,
        *,
        strong: bool,
        days: int = 4,
    ) -> None:
        """Money of others: (account, fen, party, memo) in, then out within days."""
        self.deals += 1
        group = f"{self.name}{self.deals}"
        at = when
        for account, amount, party, memo in incoming:
            self.post(account, at, amount, party, memo, label="pass_through", group=group, strong=strong)
            at += timedelta(hours=self.random.randint(1, 30))
        for account, amount, party, memo in outgoing:
            at += timedelta(hours=self.random.randint(1, 24 * days // len(outgoing)))
            self.post(account, at, -amount, party, memo, label="pass_through", group=group, strong=strong)

    def split(self, total: int, parts: int, step: int = 10_000) -> list[int]:
        cuts = sorted(self.random.sample(range(1, max(parts + 1, total // step)), parts - 1)) if parts > 1 else []
        edges = [0, *(cut * step for cut in cuts), total]
        return [b - a for a, b in pairwise(edges)]

    def files(self, folder: Path) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        return [
            write(folder, account, format, [e for e in self.events if e.account == account])
            for account, format in self.accounts.items()
        ]

    def countable(self) -> dict[str, int]:
        """The true countable income of each month. What a deal kept counts in the month of its last inflow."""
        result: dict[str, int] = {}
        last: dict[str, datetime] = {}
        kept: dict[str, int] = {}
        for event in self.events:
            month = f"{event.when:%Y-%m}"
            result.setdefault(month, 0)
            if event.group and event.label == "pass_through":
                kept[event.group] = kept.get(event.group, 0) + event.amount
                if event.amount > 0:
                    last[event.group] = max(last.get(event.group, event.when), event.when)
            elif (
                event.amount > 0
                and event.label in {"income", "family_support", "cash_deposit", "unknown"}
                and not event.neutral
            ):
                result[month] += event.amount
        for group, amount in kept.items():
            result[f"{last[group]:%Y-%m}"] += amount
        return result
