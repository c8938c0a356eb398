"""A feed: where it is, and which of its fields is which of ours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.jobs.feeds.reading import MAPPABLE, REQUIRED
from jiamenkou.services.jobs.models.feed import Feed, FeedFormat

PLAIN = ("name", "url", "format", "records", "every_hours")


class FeedForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60)
    url = forms.URLField(label=_("地址"), max_length=400, assume_scheme="https")
    format = forms.ChoiceField(label=_("格式"), choices=FeedFormat.choices)
    records = forms.CharField(
        label=_("记录在哪里"), max_length=60, required=False, help_text=_("JSON 里一列记录的路径，例如 data.rows")
    )
    every_hours = forms.IntegerField(label=_("几小时取一次"), min_value=1, max_value=168, initial=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in MAPPABLE.items():
            self.fields[f"map_{name}"] = forms.CharField(label=label, max_length=60, required=name in REQUIRED)

    @property
    def mapped(self) -> list[forms.BoundField]:
        """The fields of the mapping, in order."""
        return [self[f"map_{name}"] for name in MAPPABLE]

    def values(self) -> dict[str, Any]:
        """What a feed stores."""
        data = self.cleaned_data
        mapping = {name: data[f"map_{name}"] for name in MAPPABLE if data[f"map_{name}"]}
        return {name: data[name] for name in PLAIN} | {"mapping": mapping}

    @classmethod
    def of(cls, feed: Feed) -> FeedForm:
        initial = {name: getattr(feed, name) for name in PLAIN}
        return cls(initial=initial | {f"map_{name}": theirs for name, theirs in feed.mapping.items()})
