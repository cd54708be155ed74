"""The WSGI application that the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from obieg.config import logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "obieg.config.settings")
logging.configure()
application = get_wsgi_application()
