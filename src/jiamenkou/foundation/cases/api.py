"""What rooms call. Everything else of this part is the desk's and the phone's. docs/developer/cases.md."""

from jiamenkou.foundation.cases.actions.callbacks import answer
from jiamenkou.foundation.cases.actions.handling import contact, handle, sign, write
from jiamenkou.foundation.cases.actions.merging import merge
from jiamenkou.foundation.cases.actions.opening import (
    CaseSource,
    Promise,
    Stranger,
    Upper,
    follow,
    open_case,
    promise,
    promise_words,
    repeat,
)
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.routing import catalogue

__all__ = [
    "Case", "CaseSource", "Promise", "Stranger", "Upper", "answer", "case_of", "catalogue", "contact", "follow",
    "handle", "merge", "open_case", "promise", "promise_words", "repeat", "sign", "write",
]  # fmt: skip


def case_of(source: CaseSource) -> Case | None:
    """The case that came from a row of a room, the latest if there are several; in the scope of the transaction."""
    return Case.objects.filter(source_room=source.room, source_id=source.id).order_by("-pk").first()
