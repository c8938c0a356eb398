"""From a job title as people write it to an occupation of the national classification."""

from jiamenkou.engines.occupations.classifier import Classifier
from jiamenkou.engines.occupations.grams import fold
from jiamenkou.engines.occupations.suggestions import Suggester, Suggestion, suggest
from jiamenkou.engines.occupations.table import Occupation, load_full, merged, own_table

__all__ = [
    "Classifier",
    "Occupation",
    "Suggester",
    "Suggestion",
    "fold",
    "load_full",
    "merged",
    "own_table",
    "suggest",
]
