"""This file is Flask with Authlib's resource protector, as Authlib's guide writes it; gunicorn serves it."""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

from authlib.integrations.flask_oauth2 import ResourceProtector, current_token
from authlib.integrations.sqla_oauth2 import OAuth2TokenMixin
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import Flask, jsonify
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

application = Flask(__name__)
application.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ['PEER_DATABASE']}"
db = SQLAlchemy(application)


class User(db.Model):
    """A person."""

    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(40), unique=True)
    name = db.Column(db.String(40))
    email = db.Column(db.String(80))


class OAuth2Token(db.Model, OAuth2TokenMixin):
    """An access token of theirs."""

    __tablename__ = "oauth2_token"

    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id", ondelete="CASCADE"))
    user = db.relationship("User")


class TokenValidator(BearerTokenValidator):
    """Finds a token."""

    def authenticate_token(self, token_string):
        """The token of this text."""
        return db.session.query(OAuth2Token).filter_by(access_token=token_string).first()


require_oauth = ResourceProtector()
require_oauth.register_token_validator(TokenValidator())


@application.get("/account")
@require_oauth("profile")
def account():
    """Who this is."""
    user = current_token.user
    return jsonify(
        avatar={
            "gravatar": {"hash": hashlib.md5(user.email.encode()).hexdigest()},
            "tmdb": {"avatar_path": None},
        },
        id=user.id,
        iso_639_1="en",
        iso_3166_1="US",
        name=user.name,
        include_adult=False,
        username=user.username,
    )


with application.app_context():

    @event.listens_for(db.engine, "connect")
    def durable(connection, _record):
        """SQLite as for production."""
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")


def furnish(people):
    """Make the tables, and people with their tokens."""
    db.create_all()
    for person in people:
        db.session.add(
            User(
                id=person["id"],
                username=person["username"],
                name=person["name"],
                email=f"{person['username']}@example.org",
            )
        )
        db.session.add(
            OAuth2Token(
                user_id=person["id"],
                client_id="bench",
                token_type="Bearer",
                access_token=person["token"],
                scope="profile",
                issued_at=int(time.time()),
                expires_in=86_400,
            )
        )
    db.session.commit()


if __name__ == "__main__":
    with application.app_context():
        furnish(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
