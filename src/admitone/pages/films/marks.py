"""This file shows people their favourites and their watchlist, and lets them add and remove by hand (ux.md §7.16)."""

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import Message, gettext, mark
from admitone.flows.films import shelves
from admitone.flows.media import marks
from admitone.flows.media.marks import Marked
from admitone.model.media import Mark, MediaType, RatedType, Subject
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.films import posters, rows, search
from admitone.pages.films.views import NEWEST, anchor, back_to, path_of, subject_in, view_of
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor, form_key
from admitone.pages.words import Notice

KINDS = (RatedType.MOVIE, RatedType.TV)


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages of one shelf say; the blank of what was done is the title."""

    name: Message
    search: Message
    none: dict[RatedType, Message]
    add: Message
    remove: Message
    kept: Message
    added: Message
    removed: Message


FAVOURITE_WORDS = Words(
    name=mark("Favourites"),
    search=mark("Search titles to add to your favourites"),
    none={
        RatedType.MOVIE: mark("You have no favourite film yet. Apps you connect can add some for you, or search here."),
        RatedType.TV: mark("You have no favourite series yet. Apps you connect can add some for you, or search here."),
    },
    add=mark("Add to favourites"),
    remove=mark("Remove from favourites"),
    kept=mark("One of your favourites"),
    added=mark("{title} is one of your favourites."),
    removed=mark("{title} is no longer one of your favourites."),
)
WATCHLIST_WORDS = Words(
    name=mark("Watchlist"),
    search=mark("Search titles to put on your watchlist"),
    none={
        RatedType.MOVIE: mark("No film is on your watchlist. Apps you connect can add some for you, or search here."),
        RatedType.TV: mark("No series is on your watchlist. Apps you connect can add some for you, or search here."),
    },
    add=mark("Add to watchlist"),
    remove=mark("Remove from watchlist"),
    kept=mark("On your watchlist"),
    added=mark("{title} is on your watchlist."),
    removed=mark("{title} is no longer on your watchlist."),
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pages of one thing that people keep titles as."""

    mark: Mark
    path: str
    words: Words

    async def show(self, visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
        """GET /favourites, /watchlist: what is kept, a page of one kind in one order."""
        view, account_id = view_of(visitor.request, KINDS), signed_in(visitor).account_id
        kind = MediaType(view.kind.value)
        page = await visitor.house.read(shelves.marked, account_id, self.mark, kind, view.sort, view.page)
        page.must_be_there()
        found = [rows.row(entry, visitor.now) for entry in page.rows]
        values = {
            "path": self.path,
            "words": self.words,
            "view": view,
            "kinds": KINDS,
            "page": page,
            "rows": found,
            "posters": await posters.of(visitor, [entry.title for entry in page.rows]),
        }
        return sheet(visitor, "films/marks.html", values)

    async def show_one(self, visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
        """GET …/{kind}/{title}: whether it is kept, to be changed."""
        subject = subject_in(visitor.request)
        about = await visitor.house.read(shelves.about, signed_in(visitor).account_id, subject)
        kept = about.marks.get(self.mark)
        query = back_to(visitor.request, subject, KINDS).query
        values = {
            "path": self.path,
            "words": self.words,
            "row": rows.row(kept, visitor.now) if kept else rows.plain(about.title, subject),
            "kept": kept is not None,
            "query": query,
            "back": f"{self.path}{query}{'#' + anchor(subject) if kept else ''}",
            "form_key": self._key(visitor, subject),
        }
        return sheet(visitor, "films/mark.html", values, notice=notice)

    async def act(self, visitor: Visitor, _form: Form) -> Response:
        """POST the same: keep it, and go to its row."""
        subject, account_id = subject_in(visitor.request), signed_in(visitor).account_id
        new = await visitor.house.write(marks.mark, account_id, None, self._marked(subject))
        view = back_to(visitor.request, subject, KINDS)
        if not new or view.sort is not NEWEST:
            which = self._marked(subject)
            view = view.at(await visitor.house.read(shelves.page_with_mark, account_id, which, view.sort))
        await self._tell(visitor, subject, self.words.added)
        return RedirectResponse(f"{self.path}{view.query}#{anchor(subject)}", 303)

    async def act_remove(self, visitor: Visitor, _form: Form) -> Response:
        """POST …/remove: keep it no longer."""
        subject, account_id = subject_in(visitor.request), signed_in(visitor).account_id
        await self._tell(visitor, subject, self.words.removed)
        await visitor.house.write(marks.unmark, account_id, None, self._marked(subject))
        view = back_to(visitor.request, subject, KINDS)
        kind = MediaType(subject.type.value)
        left = await visitor.house.read(shelves.marked, account_id, self.mark, kind, view.sort, 1)
        return RedirectResponse(f"{self.path}{view.within(left.pages).query}", 303)

    async def look(self, visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
        """GET …/search?query=…: titles to keep."""
        found = await search.find(visitor)
        hits = [
            {
                "row": search.hit(each).row,
                "kept": bool(each.states.favorite if self.mark is Mark.FAVORITE else each.states.watchlist),
                "form_key": self._key(visitor, shelves.whole(each.title)),
            }
            for each in found.page.rows
        ]
        return sheet(
            visitor, "films/search_marks.html", {"path": self.path, "words": self.words, "search": found, "hits": hits}
        )

    def purpose(self, visitor: Visitor, _form: Form) -> str:
        """What the forms are for: one title, to be kept as this or not, and nothing else."""
        return self._purpose(subject_in(visitor.request))

    def _purpose(self, subject: Subject) -> str:
        return f"mark\0{self.mark}\0{path_of(subject)}"

    def _key(self, visitor: Visitor, subject: Subject) -> str:
        return form_key(visitor, self._purpose(subject))

    def _marked(self, subject: Subject) -> Marked:
        return Marked(self.mark, subject.title_type, subject.id)

    async def _tell(self, visitor: Visitor, subject: Subject, words: Message) -> None:
        about = await visitor.house.read(shelves.about, signed_in(visitor).account_id, subject)
        tell(visitor, gettext(words, title=rows.name_of(about.title)))


FAVOURITES = Shelf(Mark.FAVORITE, "/favourites", FAVOURITE_WORDS)
WATCHLIST = Shelf(Mark.WATCHLIST, "/watchlist", WATCHLIST_WORDS)
