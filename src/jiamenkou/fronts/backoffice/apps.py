from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig


class BackOfficeConfig(SimpleAdminConfig):
    """Django's admin with our site. Only what our own apps register is in it: libraries' tables are not."""

    default_site = "jiamenkou.fronts.backoffice.site.BackOffice"

    def ready(self) -> None:
        super().ready()
        for config in apps.get_app_configs():
            name = f"{config.name}.admin"
            if config.name.startswith("jiamenkou.") and find_spec(name) is not None:
                import_module(name)
