"""Django settings. Everything that differs between machines comes from the environment.

The supervisor (``jiamenkou.host``) sets ``JIAMENKOU_DATABASE_URL`` to the URL of the role the
process may use, ``JIAMENKOU_KEYS`` to the key file and ``JIAMENKOU_DATA`` to the data directory.
"""

from __future__ import annotations

import os
from pathlib import Path

from jiamenkou.site.database import database_settings
from jiamenkou.site.keys import load_keys
from jiamenkou.site.rooms import room_apps

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("JIAMENKOU_DATA", ".data")).resolve()
KEYS = load_keys(os.environ.get("JIAMENKOU_KEYS"))
ROLE = os.environ.get("JIAMENKOU_ROLE", "web")
DEMO = os.environ.get("JIAMENKOU_DEMO") == "1"
DEMO_LINKS = DEMO and os.environ.get("JIAMENKOU_DEMO_LINKS", "1") == "1"
PUBLIC_URL = os.environ.get("JIAMENKOU_PUBLIC_URL", "http://127.0.0.1:" + os.environ.get("PORT", "8000"))

METRICS_TOKEN = os.environ.get("JIAMENKOU_METRICS_TOKEN", "")

DEBUG = False
SECRET_KEY = KEYS.django_secret
ALLOWED_HOSTS = os.environ.get("JIAMENKOU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
BEHIND_TLS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    # its templates stand before those of Django's admin; the site itself is ours
    "unfold.apps.BasicAppConfig",
    "jiamenkou.fronts.backoffice.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "treebeard",
    "pgtrigger",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
    "allauth.mfa",
    "jiamenkou.foundation.events",
    "jiamenkou.foundation.vault",
    "jiamenkou.foundation.audit",
    "jiamenkou.foundation.places",
    "jiamenkou.foundation.people",
    "jiamenkou.foundation.access",
    "jiamenkou.foundation.files",
    "jiamenkou.foundation.bookings",
    "jiamenkou.foundation.ledger",
    "jiamenkou.foundation.search",
    "jiamenkou.foundation.messages",
    "jiamenkou.foundation.cases",
    *room_apps(),
    "jiamenkou.fronts",
]

MIDDLEWARE = [
    "jiamenkou.fronts.middleware.headers.HeadersMiddleware",
    "jiamenkou.fronts.middleware.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jiamenkou.fronts.middleware.session_rules.SessionRulesMiddleware",
    "jiamenkou.fronts.middleware.visit.VisitMiddleware",
]

ROOT_URLCONF = "jiamenkou.site.urls"
WSGI_APPLICATION = "jiamenkou.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiamenkou.fronts.context.page",
            ],
        },
    }
]

DATABASES = {"default": database_settings(os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # shared by every web process, so that limits hold across them
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"},
}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# limits of signing in that a place may set for itself; the fixed ones stand beside their code
SMS_PER_DAY = int(os.environ.get("JIAMENKOU_SMS_PER_DAY", "2000"))
# what a community's campaigns may cost in a month, in fen, where nobody has set another limit on the desk
SMS_FEN_PER_MONTH = int(os.environ.get("JIAMENKOU_SMS_FEN_PER_MONTH", "20000"))
REVEALS_PER_DAY = int(os.environ.get("JIAMENKOU_REVEALS_PER_DAY", "50"))
# a proxy of ours in front: the last address it reports is the client's
BEHIND_PROXY = os.environ.get("JIAMENKOU_BEHIND_PROXY") == "1"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/signin/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "jiamenkou.fronts.signin.adapter.AccountAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
MFA_TOTP_TOLERANCE = 1
# WeChat sign-in exists where an app is configured (the open platform's QR page, or 公众号 inside WeChat)
WEIXIN_ID = os.environ.get("JIAMENKOU_WEIXIN_ID", "")
SOCIALACCOUNT_PROVIDERS = (
    {
        "weixin": {
            "APPS": [{"client_id": WEIXIN_ID, "secret": os.environ.get("JIAMENKOU_WEIXIN_SECRET", ""), "key": ""}],
            "AUTHORIZE_URL": os.environ.get(
                "JIAMENKOU_WEIXIN_AUTHORIZE_URL", "https://open.weixin.qq.com/connect/qrconnect"
            ),
            "SCOPE": os.environ.get("JIAMENKOU_WEIXIN_SCOPE", "snsapi_login").split(),
        }
    }
    if WEIXIN_ID
    else {}
)
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_ADAPTER = "jiamenkou.fronts.signin.adapter.SocialAccountAdapter"

SESSION_ENGINE = "jiamenkou.foundation.access.session_store"
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_TLS else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "jiamenkou.fronts.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["jiamenkou.fronts.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("JIAMENKOU_STATIC_ROOT") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = "jiamenkou.site.logs.configure"
