"""Statement review (流水核对): what each line of a household's bank and wallet exports is, and what of it is income.

``load`` reads files, ``review`` labels every line of what was read, ``document`` gives the contract's JSON.
"""

from jiamenkou.engines.statement.loading import load, load_mapping, load_receipts
from jiamenkou.engines.statement.model import (
    Group,
    Kind,
    Label,
    Line,
    Month,
    Problem,
    Receipt,
    Review,
    Sign,
    Statement,
    Verdict,
)
from jiamenkou.engines.statement.report import document
from jiamenkou.engines.statement.reviewing import review

__all__ = [
    "Group",
    "Kind",
    "Label",
    "Line",
    "Month",
    "Problem",
    "Receipt",
    "Review",
    "Sign",
    "Statement",
    "Verdict",
    "document",
    "load",
    "load_mapping",
    "load_receipts",
    "review",
]
