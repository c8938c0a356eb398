"""Many lists of a page in one statement that is written once: see :mod:`.asking`."""

from jiamenkou.foundation.asking.asking import Ask, answers, columns, kept, read, told, told_together, values
from jiamenkou.foundation.asking.lists import Column, Counted, column, together
from jiamenkou.foundation.asking.moments import MIDNIGHT, MONDAY, MONTH, NOW, TODAY

__all__ = [
    "MIDNIGHT", "MONDAY", "MONTH", "NOW", "TODAY", "Ask", "Column", "Counted", "answers", "column", "columns", "kept", "read",
    "together", "told", "told_together", "values",
]  # fmt: skip
