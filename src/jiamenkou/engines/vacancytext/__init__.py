"""Free Chinese recruiting text → vacancy drafts whose every field knows the words it came from."""

from __future__ import annotations

from jiamenkou.engines.vacancytext.assemble import parse
from jiamenkou.engines.vacancytext.fraud import Flag, fraud_words
from jiamenkou.engines.vacancytext.kinds import deadline_date
from jiamenkou.engines.vacancytext.model import Found, Message, Post, Span, Unlawful
from jiamenkou.engines.vacancytext.text import LONGEST

__all__ = ["LONGEST", "Flag", "Found", "Message", "Post", "Span", "Unlawful", "deadline_date", "fraud_words", "parse"]
