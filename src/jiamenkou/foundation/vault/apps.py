from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "jiamenkou.foundation.vault"
    label = "vault"
    verbose_name = "密钥柜"
