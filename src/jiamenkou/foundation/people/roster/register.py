"""What planning asks of a register of residents, whichever it is: the database, or one in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final, Protocol

from jiamenkou.foundation.people.roster.rows import Facts


class _Elsewhere(Enum):
    ELSEWHERE = "elsewhere"


ELSEWHERE: Final = _Elsewhere.ELSEWHERE  # the number belongs to somebody whom another community holds


@dataclass(frozen=True, slots=True)
class Known:
    """A registered person, as planning compares them. ``facts`` holds tokens for numbers and phones.

    ``certain`` are skills that were seen or certified: a sheet that does not name them takes them from nobody.
    """

    ref: int
    facts: Facts
    certain: frozenset[str] = frozenset()
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return f"R{self.ref}"


Found = Known | _Elsewhere
NameBirth = tuple[str, date]
NameText = tuple[str, str]


class Register(Protocol):
    """Batch lookups within one community. A token stands for a number: a blind index, or the number itself."""

    def grids(self) -> Collection[str]:
        """Names of the community's grids; empty where it has none yet and takes those of the file."""

    def token(self, kind: str, value: str) -> str:
        """What stands for a number of identity (``kind`` "identity") or a phone ("phone") in this register."""

    def by_code(self, codes: Collection[str]) -> Mapping[str, Known]: ...

    def by_number(self, tokens: Collection[str]) -> Mapping[str, Found]: ...

    def by_name_and_birth(self, keys: Collection[NameBirth]) -> Mapping[NameBirth, Sequence[Known]]: ...

    def by_name_and_phone(self, keys: Collection[NameText]) -> Mapping[NameText, Sequence[Known]]:
        """Keys are (name, phone token)."""

    def by_name_and_address(self, keys: Collection[NameText]) -> Mapping[NameText, Sequence[Known]]:
        """Keys are (name, folded address)."""

    def by_name(self, names: Collection[str]) -> Mapping[str, Sequence[Known]]:
        """People of these names of whom no number, birth date, phone or address is known."""
