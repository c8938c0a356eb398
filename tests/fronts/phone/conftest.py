from tests.foundation.cases.conftest import office

__all__ = ["office"]
