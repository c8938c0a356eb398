"""Forms: label above, the control, help and the error beside it, tied together for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

register = template.Library()

OPTIONS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, icon: str = "", unsure: str = "", css: str = "") -> dict[str, Any]:
    """One field of a Django form. icon: inside the control. unsure: why staff should look again (orange line).

    Text, choices, dates and files become a control; radio buttons and several boxes become option rows; one box
    becomes a tick or, with ``attrs={"class": "switch"}``, a switch. The error stands under the control.
    """
    widget = bound.field.widget
    kind = "control"
    if isinstance(widget, forms.CheckboxInput):
        kind = "tick"
    elif isinstance(widget, OPTIONS):
        kind = "options"
    if isinstance(widget, forms.Select) and not isinstance(widget, (*OPTIONS, forms.SelectMultiple)):
        icon = icon or "chevron-down"
    return {
        "bound": bound,
        "kind": kind,
        "icon": "circle-alert" if bound.errors and kind == "control" else icon,
        "unsure": unsure,
        "css": css,
    }


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """A whole form: what is wrong with all of it, then its fields in order, then the hidden ones."""
    return {"form": form}


@register.inclusion_tag("components/code_field.html")
def code_field(bound: BoundField, length: int = 6, send: bool = False) -> dict[str, Any]:
    """The boxes of a code from a text message, one real input under them. send: the last digit sends the form."""
    control = bound.as_widget(
        attrs={
            "class": "code-input",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "pattern": f"[0-9]{{{length}}}",
            "maxlength": str(length),
        }
    )
    return {"bound": bound, "control": control, "boxes": range(length), "send": send}


@register.inclusion_tag("components/stepper.html")
def stepper(bound: BoundField, less: str = "少一个", more: str = "多一个") -> dict[str, Any]:
    """A small number with − and +; the form's ``NumberInput`` has the limits. less, more: names of the signs."""
    return {"bound": bound, "less": less, "more": more}
