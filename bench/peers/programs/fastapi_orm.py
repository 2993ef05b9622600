"""This file is FastAPI with SQLAlchemy's ORM as its guide writes it: dependencies, a session a request, models."""

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ForeignKey, UniqueConstraint, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

engine = create_engine(
    f"sqlite:///{os.environ['PEER_DATABASE']}",
    connect_args={"check_same_thread": False},
    # As many as calls come at once here. With the usual 15, threads that wait for a connection take the places of those
    # that would give one back, and nobody gets an answer for half a minute.
    pool_size=64,
)
Local = sessionmaker(autoflush=False, bind=engine)


@event.listens_for(engine, "connect")
def durable(connection, _record):
    """SQLite as for production."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


class Table(DeclarativeBase):
    """What all tables are."""


class App(Table):
    """A program with a key."""

    __tablename__ = "apps"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)


class Account(Table):
    """A person."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str]


class UserSession(Table):
    """That a person lets a program act."""

    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    account: Mapped[Account] = relationship()


class Movie(Table):
    """A film."""

    __tablename__ = "movies"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class Rating(Table):
    """What a person gave a film."""

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("account_id", "movie_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.id"))
    value: Mapped[float]


class Gravatar(BaseModel):
    """A picture."""

    hash: str


class Picture(BaseModel):
    """A picture of ours."""

    avatar_path: str | None = None


class Avatar(BaseModel):
    """Pictures."""

    gravatar: Gravatar
    tmdb: Picture = Picture()


class AccountOut(BaseModel):
    """What is told of a person."""

    avatar: Avatar
    id: int
    iso_639_1: str = "en"
    iso_3166_1: str = "US"
    name: str
    include_adult: bool = False
    username: str


class RatingIn(BaseModel):
    """What somebody gives a film."""

    value: float = Field(ge=0.5, le=10)


class RatingOut(BaseModel):
    """What was kept."""

    model_config = ConfigDict(from_attributes=True)
    movie_id: int
    value: float


app = FastAPI()


def get_db():
    """A session for this request."""
    db = Local()
    try:
        yield db
    finally:
        db.close()


Db = Annotated[Session, Depends(get_db)]


def get_app(api_key: str, db: Db) -> App:
    """The program that asks."""
    found = db.scalars(select(App).where(App.key == api_key)).first()
    if found is None:
        raise HTTPException(401, "Invalid API key")
    return found


def get_account(session_id: str, asking: Annotated[App, Depends(get_app)], db: Db) -> Account:
    """The person for whom it asks."""
    found = db.scalars(select(UserSession).where(UserSession.token == session_id)).first()
    if found is None or found.app_id != asking.id:
        raise HTTPException(401, "Invalid session")
    return found.account


Person = Annotated[Account, Depends(get_account)]


@app.get("/3/account")
def read_account(account: Person) -> AccountOut:
    """Who this is."""
    picture = hashlib.md5(account.email.encode()).hexdigest()
    return AccountOut(
        avatar=Avatar(gravatar=Gravatar(hash=picture)), id=account.id, name=account.name, username=account.username
    )


@app.post("/3/movie/{movie_id}/rating", status_code=201)
def rate(movie_id: int, given: RatingIn, account: Person, db: Db) -> RatingOut:
    """Keep a rating."""
    if db.get(Movie, movie_id) is None:
        raise HTTPException(404, "No such movie")
    of_both = (Rating.account_id == account.id, Rating.movie_id == movie_id)
    rating = db.scalars(select(Rating).where(*of_both)).first()
    if rating is None:
        rating = Rating(account_id=account.id, movie_id=movie_id, value=given.value)
        db.add(rating)
    else:
        rating.value = given.value
    db.commit()
    db.refresh(rating)
    return RatingOut.model_validate(rating)


def furnish(people):
    """Make the tables, a program, films, and people with their sessions."""
    Table.metadata.create_all(engine)
    with Local() as db:
        db.add(App(id=1, key="bench"))
        db.add_all(Movie(id=number, title=f"Film {number}") for number in range(1, 3001))
        for person in people:
            names = {"username": person["username"], "name": person["name"]}
            db.add(Account(id=person["id"], email=f"{person['username']}@example.org", **names))
        db.flush()
        db.add_all(UserSession(token=person["token"], app_id=1, account_id=person["id"]) for person in people)
        db.commit()


if __name__ == "__main__":
    furnish(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
