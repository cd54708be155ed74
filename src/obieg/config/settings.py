"""Django's settings, read from the environment; `obieg up` sets what a person does not.

Variables: DATABASE_URL (the office's own PostgreSQL), OBIEG_DATA (data directory, ./var),
OBIEG_HOSTS (names the server answers to), OBIEG_SECRET_KEY or OBIEG_DATA/secret.key,
OBIEG_MASTER_KEY or OBIEG_MASTER_KEY_FILE (vault), OBIEG_EMULATOR_URL (local KSeF), OBIEG_HTTPS=1
behind a proxy that ends TLS, OBIEG_DEMO=1 in the demo office (`obieg up --demo` sets it),
OBIEG_DOCUMENTS (directory for XML and UPO; without it they are in the database), OBIEG_BACKUPS
(directory of backups, OBIEG_DATA/backups).
"""

import os
from pathlib import Path

import dj_database_url

from obieg.config.secret import secret_key

DATA = Path(os.environ.get("OBIEG_DATA", "var")).resolve()
HTTPS = os.environ.get("OBIEG_HTTPS") == "1"
DEMO = os.environ.get("OBIEG_DEMO") == "1"

SECRET_KEY = secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("OBIEG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
ROOT_URLCONF = "obieg.config.urls"
WSGI_APPLICATION = "obieg.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_include_bootstrap",
    "procrastinate.contrib.django",
    "obieg.office",
    "obieg.vault",
    "obieg.logins",
    "obieg.calls",
    "obieg.calls.permissions",
    "obieg.inbox",
    "obieg.posting",
    "obieg.exports",
    "obieg.audit",
    "obieg.mail",
    "obieg.sales",
    "obieg.watch",
    "obieg.retention",
    "obieg.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "obieg.web.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "obieg.web.uploads.upload_limits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "obieg.logins.sessions.note_use",
    "obieg.web.middleware.typed_errors",
    "obieg.web.heavy.heavy_pages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "obieg.web.context.navigation",
            ],
            "builtins": ["obieg.web.templatetags.polish"],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgresql://localhost/obieg"),
        conn_max_age=600,
        conn_health_checks=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "office.Operator"
PASSWORD_HASHERS = ["obieg.logins.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "obieg.logins.passwords.NotObvious"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_NAME = "__Host-obieg" if HTTPS else "obieg"  # no neighbour's name may set it
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^metrics$"]  # asked by the supervisor and the monitoring
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
# The other names of the office's domain are not ours to bind to TLS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# What is announced as more is refused before it is read (`obieg.web.uploads`).
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000  # bytes of a form's text or of an API body
DATA_UPLOAD_MAX_NUMBER_FIELDS = 30_000  # an invoice of 1,000 lines
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000  # XML files chosen at once
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of a file; a larger one waits on the disk
FILE_UPLOAD_PERMISSIONS = 0o600

LANGUAGE_CODE = "pl"
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

PROCRASTINATE_IMPORT_PATHS = [
    "obieg.calls.tasks",
    "obieg.calls.permissions.tasks",
    "obieg.inbox.tasks",
    "obieg.posting.tasks",
    "obieg.config.tasks",
    "obieg.mail.tasks",
    "obieg.audit.tasks",
    "obieg.backup.tasks",
    "obieg.sales.tasks",
    "obieg.watch.tasks",
    "obieg.retention.tasks",
]

LOGGING_CONFIG = None  # obieg.config.logging sets structlog up
