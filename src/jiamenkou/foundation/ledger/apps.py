import os
from pathlib import Path

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "jiamenkou.foundation.ledger"
    label = "ledger"
    verbose_name = "账本"

    def ready(self) -> None:
        # the file holds keys: it lies outside the database and the backup, readable by the house alone
        if path := os.environ.get("JIAMENKOU_WECHATPAY"):
            from jiamenkou.foundation.ledger.providers import use
            from jiamenkou.foundation.ledger.providers.wechat import Config, WeChatPay

            use(WeChatPay(Config.read(Path(path))))
