"""The closed loop: every promise is followed until the resident says it is done. docs/developer/cases.md."""
