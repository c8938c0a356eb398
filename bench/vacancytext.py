"""How well and how fast chat text is read: macro-F1 on the samples and on our own messages, messages a second."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from tests.engines.vacancytext.corpus import messages, score

from jiamenkou.engines.vacancytext import parse

PAY = ("pay_min", "pay_max", "pay_unit")
ROOT = Path(__file__).resolve().parent.parent


def _drafts(text: str) -> list[dict[str, Any]]:
    return [post.to_json() for post in parse(text).posts]


def run() -> dict[str, float | None]:
    """Prints and returns the figures; ``dev`` is ``None`` where the samples are not there."""
    samples = Path(os.environ.get("JIAMENKOU_SHARED", ROOT.parent / "shared")) / "data" / "vacancy" / "dev.jsonl"
    figures: dict[str, float | None] = {"vacancytext.dev.macro_f1": None}
    if samples.exists():
        gold = [json.loads(line) for line in samples.read_text("utf-8").splitlines()]
        figures["vacancytext.dev.macro_f1"] = round(score(gold, _drafts)["macro"], 3)
    texts = []
    for name in ("first", "second", "third", "fourth", "fifth", "sixth"):
        own = messages(name)
        texts += [message["text"] for message in own]
        found = score(own, _drafts)
        figures[f"vacancytext.own_{name}.macro_f1"] = round(found["macro"], 3)
        figures[f"vacancytext.own_{name}.pay_f1"] = round(min(found[field] for field in PAY), 3)
        figures[f"vacancytext.own_{name}.phones_f1"] = round(found["phones"], 3)
    started = time.process_time()
    for text in texts:
        parse(text)
    figures["vacancytext.messages_per_cpu_second"] = round(len(texts) / (time.process_time() - started))
    for name_, value in figures.items():
        print(f"{name_:40} {'samples absent' if value is None else value}")
    return figures


if __name__ == "__main__":
    run()
