"""A first migration without building what nothing looks at.

Django builds every related model class anew after each operation that adds a model, a relation, a constraint, an index
or a trigger: a table of people is related to nearly every other, so the whole house is built hundreds of times, which
was most of the time of a first start. Going forward on PostgreSQL the statement needs the one class only; what needs
all of them (``RunPython``) asks Django to build them, as it does after Django's own delayed changes.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED


def lean() -> None:
    """For the rest of this process: for ``migrate`` forwards only, where the result is what it would have been.

    A changed type of a referenced column is Django's own business still: it builds everything that refers to it.
    """
    from pgtrigger.migrations import AddTrigger

    def one(state: ProjectState, key: tuple[str, str]) -> None:
        state.is_delayed = True
        apps = state.apps
        apps.unregister_model(*key)
        apps.render_multiple([state.models[key].clone()])

    def add_model(self: Any, model_state: ModelState) -> None:
        key = model_state.app_label, model_state.name_lower
        self.models[key] = model_state
        if self._relations is not None:
            self.resolve_model_relations(key)
        if "apps" in self.__dict__:
            one(self, key)

    def add_field(self: Any, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool) -> None:
        if not preserve_default:
            field = field.clone()
            field.default = NOT_PROVIDED
        key = app_label, model_name
        self.models[key].fields[name] = field
        if self._relations is not None:
            self.resolve_model_field_relations(key, name, field)
        if "apps" in self.__dict__:
            one(self, key)

    def append_option(self: ProjectState, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        options = self.models[app_label, model_name].options
        options[option_name] = [*options.get(option_name, []), obj]
        if "apps" in self.__dict__:
            meta = self.apps.get_model(app_label, model_name)._meta
            setattr(meta, option_name, options[option_name])
            meta.original_attrs[option_name] = options[option_name]

    def add_trigger(self: Any, app_label: str, state: ProjectState) -> None:
        append_option(state, app_label, self.model_name.lower(), "triggers", self.trigger)

    patched: Any = ProjectState
    patched.add_model, patched.add_field, patched._append_option = add_model, add_field, append_option
    trigger: Any = AddTrigger
    trigger.state_forwards = add_trigger
