"""This file shows people what they rated, and lets them rate, change and take back by hand (ux.md §7.16)."""

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import gettext
from admitone.flows.films import shelves
from admitone.flows.films.shelves import About
from admitone.flows.media import ratings
from admitone.flows.media.ratings import Rater
from admitone.model.faults import Fault, Refused
from admitone.model.media import Mark, RatedType, Subject
from admitone.model.ratings import FAULTS, HIGHEST, halves
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.films import posters, rows
from admitone.pages.films.views import (
    NEWEST,
    anchor,
    back_to,
    part_of,
    path_of,
    subject_in,
    title_id_of,
    view_of,
)
from admitone.pages.forms import Form, asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.people.fields import Wrong
from admitone.pages.words import Notice

PATH = "/ratings"
VALUE = "value"
# As forms send them, the best last.
CHOICES = tuple(half / 2 for half in range(1, 2 * HIGHEST + 1))


async def show(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /ratings: what was rated, a page of one kind in one order."""
    view = view_of(visitor.request)
    page = await visitor.house.read(shelves.rated, signed_in(visitor).account_id, view.kind, view.sort, view.page)
    page.must_be_there()
    found = [rows.row(entry, visitor.now) for entry in page.rows]
    return sheet(
        visitor,
        "films/ratings.html",
        {
            "path": PATH,
            "view": view,
            "kinds": list(RatedType),
            "page": page,
            "rows": found,
            "posters": await posters.of(visitor, [entry.title for entry in page.rows]),
        },
    )


async def show_one(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /ratings/{kind}/{title} and of an episode: what it was given, to be changed."""
    return await _one(visitor, form, Wrong(notice=notice))


async def act(visitor: Visitor, form: Form) -> Response:
    """POST the same: give it so many points, and go back to its row."""
    subject = subject_in(visitor.request)
    try:
        given = halves(form.get(VALUE))
    except Refused as refused:
        if refused.fault not in FAULTS:
            raise
        return await _one(visitor, form, Wrong({VALUE: gettext("Choose a rating from 0.5 to 10.")}))
    account_id = signed_in(visitor).account_id
    await visitor.house.write(ratings.rate, Rater(account_id), None, subject, given)
    about = await visitor.house.read(shelves.about, account_id, subject)
    said = rows.plain(about.title, subject)
    tell(visitor, gettext("{title}: you gave it {points}.", title=said.whole, points=rows.points(given)))
    return RedirectResponse(await _row_of(visitor, subject), 303)


async def act_remove(visitor: Visitor, _form: Form) -> Response:
    """POST …/remove: take the rating back."""
    subject, account_id = subject_in(visitor.request), signed_in(visitor).account_id
    about = await visitor.house.read(shelves.about, account_id, subject)
    await visitor.house.write(ratings.unrate, Rater(account_id), None, subject)
    tell(visitor, gettext("{title}: the rating is removed.", title=rows.plain(about.title, subject).whole))
    view = back_to(visitor.request, subject)
    left = await visitor.house.read(shelves.rated, account_id, view.kind, view.sort, 1)
    return RedirectResponse(f"{PATH}{view.within(left.pages).query}", 303)


def purpose(visitor: Visitor, _form: Form) -> str:
    """What the forms are for: one title or episode, to be rated or not, and nothing else."""
    return f"rate\0{path_of(subject_in(visitor.request))}"


async def find_episode(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /ratings/tv/{title}/episode?season=…&episode=…: the page of the episode that was typed there."""
    request = visitor.request
    series = title_id_of(str(request.path_params["title"]))
    numbers = {name: (asked_for(request, name) or "").strip("+ ") for name in ("season", "episode")}
    try:
        subject = Subject(RatedType.EPISODE, series, *(part_of(text) for text in numbers.values()))
    except Refused as refused:
        if refused.fault is not Fault.ROUTE_UNKNOWN:
            raise
        wrong = {name: gettext("Type a number.") for name, text in numbers.items() if not _is_part(text)}
        return await _one(visitor, numbers, Wrong(wrong), Subject(RatedType.TV, series))
    return RedirectResponse(f"{PATH}/{path_of(subject)}", 303)


async def _one(visitor: Visitor, form: Form, wrong: Wrong, subject: Subject | None = None) -> Response:
    subject = subject or subject_in(visitor.request)
    about = await visitor.house.read(shelves.about, signed_in(visitor).account_id, subject)
    view, path = back_to(visitor.request, subject), f"{PATH}/{path_of(subject)}"
    query = view.query
    values = {
        "row": rows.row(about.rating, visitor.now) if about.rating else rows.plain(about.title, subject),
        "also": _also(about),
        "episode": subject.type is RatedType.EPISODE,
        "series": f"{RatedType.TV}/{subject.id}",
        "choices": [(str(points), rows.points(int(points * 2))) for points in CHOICES],
        "chosen": form.get(VALUE, str(about.rating.halves / 2) if about.rating else ""),
        "typed": form,
        "action": f"{path}{query}",
        "remove": f"{path}/remove{query}",
        "back": f"{PATH}{query}{'#' + anchor(subject) if about.rating else ''}",
        "form_key": form_key(visitor, f"rate\0{path_of(subject)}"),
        "wrong": wrong,
    }
    return sheet(visitor, "films/rating.html", values, notice=wrong.whole)


def _also(about: About) -> list[tuple[str, str]]:
    """Where else a title can be kept, and what leads there; nowhere for an episode."""
    if about.subject.type is RatedType.EPISODE:
        return []
    path = path_of(about.subject)
    favourite = gettext("Remove from favourites…") if Mark.FAVORITE in about.marks else gettext("Add to favourites…")
    watch = gettext("Remove from watchlist…") if Mark.WATCHLIST in about.marks else gettext("Add to watchlist…")
    return [(f"/favourites/{path}", favourite), (f"/watchlist/{path}", watch)]


async def _row_of(visitor: Visitor, subject: Subject) -> str:
    """Where the row of a rating is, in the order that somebody came from."""
    view, page = back_to(visitor.request, subject), 1
    if view.sort is not NEWEST:
        account_id = signed_in(visitor).account_id
        page = await visitor.house.read(shelves.page_with_rating, account_id, subject, view.sort)
    return f"{PATH}{view.at(page).query}#{anchor(subject)}"


def _is_part(text: str) -> bool:
    try:
        part_of(text)
    except Refused:
        return False
    return True
