from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "jiamenkou.foundation.ledger"
    label = "ledger"
    verbose_name = "账本"
