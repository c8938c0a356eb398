"""Fields of their own: yuan as fen, several values in one box, days of the week, a time as minutes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from jiamenkou.engines.matching.pay import yuan
from jiamenkou.services.jobs.words import DAYS


class YuanField(forms.CharField):
    """Yuan with at most two decimals in, fen out. Full-width digits and thousands separators are mended."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        import unicodedata

        text = unicodedata.normalize("NFKC", super().to_python(value) or "").replace(",", "").strip()
        if not text:
            return None
        try:
            amount = Decimal(text.removesuffix("元"))
        except InvalidOperation as error:
            raise forms.ValidationError("请填数字，例如 4200 或 5.5。") from error
        fen = amount * 100
        if not amount.is_finite() or fen != int(fen) or not 0 <= fen <= 100_000_000:
            raise forms.ValidationError("请填 0 到 100 万之间、最多两位小数的数。")
        return int(fen)

    def prepare_value(self, value: Any) -> Any:
        return yuan(value) if isinstance(value, int) else value


class WordsField(forms.CharField):
    """Several values in one box, separated by 、，,； or new lines; each at most ``each`` characters."""

    def __init__(self, *, each: int = 60, most: int = 20, **options: Any) -> None:
        self.each, self.most = each, most
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        for mark in "，,；;\n\r":
            text = text.replace(mark, "、")
        words = list(dict.fromkeys(word.strip() for word in text.split("、") if word.strip()))
        if len(words) > self.most:
            raise forms.ValidationError(f"最多 {self.most} 项。")
        if any(len(word) > self.each for word in words):
            raise forms.ValidationError(f"每项最多 {self.each} 个字。")
        return words

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week as a mask, Monday is bit 0; None for none chosen."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=[(str(i), f"周{DAYS[i]}") for i in range(7)], coerce=int, empty_value=[], **options)

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return sum(1 << day for day in chosen) or None

    def prepare_value(self, value: Any) -> Any:
        return [str(i) for i in range(7) if value >> i & 1] if isinstance(value, int) else value


class MinuteField(forms.TimeField):
    """A time of day in, minutes from midnight out."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        time = super().to_python(value)
        return None if time is None else time.hour * 60 + time.minute

    def prepare_value(self, value: Any) -> Any:
        return f"{value % 1440 // 60:02d}:{value % 60:02d}" if isinstance(value, int) else value
