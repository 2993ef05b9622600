"""This file is Django with the tokens of django-oauth-toolkit and of Django REST framework, as their guides write it.

The middleware is that of `startproject`, the database SQLite as for production. It is served by gunicorn.
"""

import datetime as dt
import hashlib
import json
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse

settings.configure(
    SECRET_KEY="for a bench on loopback only",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["PEER_DATABASE"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
                "transaction_mode": "IMMEDIATE",
            },
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
        "rest_framework",
        "rest_framework.authtoken",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    OAUTH2_PROVIDER={"SCOPES": {"read": "Read", "introspection": "Introspect tokens"}},
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - Django's models can be imported only now
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402
from oauth2_provider.models import AccessToken, Application  # noqa: E402
from oauth2_provider.views.generic import ProtectedResourceView  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.serializers import ModelSerializer, SerializerMethodField  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


def gravatar(user):
    """The digest by which a picture is found."""
    return hashlib.md5(user.email.encode()).hexdigest()


class AccountView(ProtectedResourceView):
    """Who this is, by an OAuth 2 access token."""

    def get(self, request):
        """Answer."""
        user = request.resource_owner
        return JsonResponse(
            {
                "avatar": {"gravatar": {"hash": gravatar(user)}, "tmdb": {"avatar_path": None}},
                "id": user.id,
                "iso_639_1": "en",
                "iso_3166_1": "US",
                "name": user.first_name,
                "include_adult": False,
                "username": user.username,
            }
        )


class AccountSerializer(ModelSerializer):
    """What is told of a person."""

    name = SerializerMethodField()
    avatar = SerializerMethodField()
    include_adult = SerializerMethodField()

    class Meta:
        """Which fields."""

        model = User
        fields = ("id", "username", "name", "avatar", "include_adult")

    def get_name(self, user):
        """Their name."""
        return user.first_name

    def get_avatar(self, user):
        """Their picture."""
        return {"gravatar": {"hash": gravatar(user)}, "tmdb": {"avatar_path": None}}

    def get_include_adult(self, _user):
        """What they want to see."""
        return False


class RestAccountView(APIView):
    """Who this is, by a token of Django REST framework."""

    def get(self, request):
        """Answer."""
        return Response(AccountSerializer(request.user).data)


urlpatterns = [
    path("oauth/account", AccountView.as_view()),
    path("rest/account", RestAccountView.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]


def furnish(people):
    """Make the tables, and people with their tokens; the first may also ask about tokens."""
    call_command("migrate", verbosity=0)
    owner = None
    for person in people:
        user = User.objects.create(
            id=person["id"],
            username=person["username"],
            first_name=person["name"],
            email=f"{person['username']}@example.org",
        )
        owner = owner or user
        Token.objects.create(user=user, key=person["token"])
    application = Application.objects.create(
        name="Bench",
        user=owner,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    for person in people:
        AccessToken.objects.create(
            user_id=person["id"],
            token=person["token"],
            application=application,
            expires=timezone.now() + dt.timedelta(days=1),
            scope="read introspection",
        )


if __name__ == "__main__":
    furnish(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
else:
    application = get_wsgi_application()
