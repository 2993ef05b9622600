"""This file shows people their lists, and lets them make, change, clear and delete them by hand (ux.md §7.16)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import figure, gettext, mark, ngettext
from admitone.flows.films import own_lists
from admitone.flows.films.own_lists import OwnList
from admitone.flows.fourth.lists import ListChange, NewFourthList
from admitone.flows.people import addresses
from admitone.model.faults import Fault, Refused
from admitone.model.lists import LONGEST_DESCRIPTION, LONGEST_NAME, ListSort, clean_text
from admitone.model.media import LARGEST_ID
from admitone.model.paging import number_of
from admitone.model.scripts import is_unseen
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.films import rows
from admitone.pages.forms import Form, page_asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.moments import Moment, ago
from admitone.pages.people.fields import Wrong
from admitone.pages.printer import shown
from admitone.pages.words import Notice, say_refused

PATH = "/lists"
NAME, DESCRIPTION, PUBLIC, SORT = "name", "description", "public", "sort_by"
WAITING = {Fault.EMAIL_UNCONFIRMED, Fault.LIST_SPAM}
SORTS = {
    ListSort.ORIGINAL: mark("My own order"),
    ListSort.ORIGINAL_REVERSED: mark("My own order, from the end"),
    ListSort.TITLE: mark("Title, A to Z"),
    ListSort.TITLE_REVERSED: mark("Title, Z to A"),
    ListSort.PRIMARY_RELEASED_REVERSED: mark("Latest premiere first"),
    ListSort.PRIMARY_RELEASED: mark("Earliest premiere first"),
    ListSort.RELEASED_REVERSED: mark("Latest released first"),
    ListSort.RELEASED: mark("Earliest released first"),
    ListSort.VOTED_REVERSED: mark("Best rated here first"),
    ListSort.VOTED: mark("Worst rated here first"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A list in words; `app` is empty for one that no app made."""

    id: int
    path: str
    name: str
    description: str
    public: bool
    count: int
    changed: Moment
    app: str


async def show(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /lists: one's own lists, the newest first."""
    number = page_asked_for(visitor.request)
    page = await visitor.house.read(own_lists.of_account, signed_in(visitor).account_id, number)
    page.must_be_there()
    return sheet(visitor, "films/lists.html", {"page": page, "cards": [card(each, visitor.now) for each in page.rows]})


async def show_new(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /lists/new: what a new list shall be called."""
    return _form(visitor, form, Wrong(notice=notice), None)


async def act_new(visitor: Visitor, form: Form) -> Response:
    """POST /lists/new: make it, and go to it."""
    wrong, account_id = _wrong(form), signed_in(visitor).account_id
    if wrong:
        return _form(visitor, form, wrong, None)
    person = await visitor.house.read(addresses.of_account, account_id)
    spoken = {"iso_639_1": person.iso_639_1, "iso_3166_1": person.iso_3166_1}
    new = NewFourthList(_text(form, NAME), _text(form, DESCRIPTION), **spoken, public=_public(form), sort=_sort(form))
    try:
        made = await visitor.house.write(own_lists.create, account_id, new)
    except Refused as refused:
        if refused.fault not in WAITING:
            raise
        return _form(visitor, form, Wrong(notice=say_refused(refused)), None)
    tell(visitor, gettext("The list is made. Put something on it."))
    return RedirectResponse(f"{PATH}/{made}", 303)


def purpose_new(_visitor: Visitor, _form: Form) -> str:
    """What the form is for."""
    return "new list"


async def show_edit(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /lists/{list}/edit: what is said of a list, to be changed."""
    return _form(visitor, form, Wrong(notice=notice), await found(visitor))


async def act_edit(visitor: Visitor, form: Form) -> Response:
    """POST the same: keep it."""
    wrong, own = _wrong(form), await found(visitor)
    if wrong:
        return _form(visitor, form, wrong, own)
    change = ListChange(_text(form, NAME), _text(form, DESCRIPTION), _public(form), _sort(form), None)
    try:
        await visitor.house.write(own_lists.update, signed_in(visitor).account_id, own.said.id, change)
    except Refused as refused:
        if refused.fault not in WAITING:
            raise
        return _form(visitor, form, Wrong(notice=say_refused(refused)), own)
    tell(visitor, gettext("Saved."))
    return RedirectResponse(f"{PATH}/{own.said.id}", 303)


async def show_clear(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /lists/{list}/clear: whether all of it shall go."""
    return await _ask(visitor, "clear", notice)


async def act_clear(visitor: Visitor, _form: Form) -> Response:
    """POST the same: take everything off."""
    list_id = list_in(visitor)
    gone = await visitor.house.write(own_lists.clear, signed_in(visitor).account_id, list_id)
    tell(visitor, ngettext("{count} title is taken off the list.", "{count} titles are taken off the list.", gone))
    return RedirectResponse(f"{PATH}/{list_id}", 303)


async def show_delete(visitor: Visitor, _form: Form, notice: Notice | None) -> Response:
    """GET /lists/{list}/delete: whether the list shall go."""
    return await _ask(visitor, "delete", notice)


async def act_delete(visitor: Visitor, _form: Form) -> Response:
    """POST the same: delete it."""
    own = await visitor.house.write(own_lists.delete, signed_in(visitor).account_id, list_in(visitor))
    tell(visitor, gettext("The list {name} is deleted.", name=shown(own.said.name)))
    return RedirectResponse(PATH, 303)


def purpose(visitor: Visitor, _form: Form) -> str:
    """What the form is for: what its very address names, and nothing else."""
    return f"list\0{visitor.request.scope['path']}"


def list_in(visitor: Visitor) -> int:
    """The number of the list that the path names. Raises LIST_UNKNOWN."""
    number = number_of(str(visitor.request.path_params["list"]), LARGEST_ID)
    if number is None:
        raise Refused(Fault.LIST_UNKNOWN)
    return number


async def found(visitor: Visitor) -> OwnList:
    """The list that the path names. Raises LIST_UNKNOWN for one that is not the visitor's."""
    return await visitor.house.read(own_lists.find, signed_in(visitor).account_id, list_in(visitor))


def card(own: OwnList, now: int) -> Card:
    """A list in words."""
    said = own.said
    return Card(
        id=said.id,
        path=f"{PATH}/{said.id}",
        name=name_of(own),
        description=rows.visible(said.description),
        public=bool(said.public),
        count=said.item_count,
        changed=ago(said.changed_at, now),
        app=shown(own.app),
    )


def name_of(own: OwnList) -> str:
    """What a list is called; its number where an app gave it no name that can be seen."""
    return rows.visible(own.said.name) or gettext("List number {number}", number=own.said.id)


def typed(form: Form, name: str) -> str:
    """What was typed into a field, without what nobody can see in it; lines stay lines."""
    text = rows.visible(form.get(name, "").replace("\r\n", "\n").replace("\r", "\n"))
    return "" if is_unseen(text) else text


def too_long(text: str, longest: int) -> str:
    """What to say of a text that is too long; empty for one that is not."""
    try:
        clean_text(text, longest)
    except Refused:
        return gettext(
            "Use at most {count} characters: this has {length}.", count=figure(longest), length=figure(len(text))
        )
    return ""


def _wrong(form: Form) -> Wrong:
    wrong = Wrong()
    if not typed(form, NAME):
        wrong.fields[NAME] = gettext("Give the list a name.")
    for name, longest in ((NAME, LONGEST_NAME), (DESCRIPTION, LONGEST_DESCRIPTION)):
        if said := too_long(typed(form, name), longest):
            wrong.fields[name] = said
    return wrong


def _text(form: Form, name: str) -> str:
    return " ".join(typed(form, name).split()) if name == NAME else typed(form, name)


def _public(form: Form) -> bool:
    return form.get(PUBLIC) == "1"


def _sort(form: Form) -> ListSort:
    chosen = form.get(SORT)
    return ListSort(chosen) if chosen in tuple(ListSort) else ListSort.ORIGINAL


def _form(visitor: Visitor, form: Form, wrong: Wrong, own: OwnList | None) -> Response:
    sent = NAME in form
    said = own.said if own else None
    values = {
        "card": card(own, visitor.now) if own else None,
        "name": form[NAME] if sent else said.name if said else "",
        "description": form.get(DESCRIPTION, "") if sent else said.description if said else "",
        "public": _public(form) if sent else bool(said and said.public),
        "sorts": SORTS,
        "sort": _sort(form) if sent or said is None else said.sort,
        "action": visitor.request.scope["path"],
        "back": f"{PATH}/{said.id}" if said else PATH,
        "form_key": form_key(visitor, purpose(visitor, form) if own else purpose_new(visitor, form)),
        "wrong": wrong,
        "most": {NAME: LONGEST_NAME, DESCRIPTION: LONGEST_DESCRIPTION},
    }
    return sheet(visitor, "films/list_form.html", values, notice=wrong.whole)


async def _ask(visitor: Visitor, what: str, notice: Notice | None) -> Response:
    own = await found(visitor)
    values = {
        "card": card(own, visitor.now),
        "what": what,
        "action": visitor.request.scope["path"],
        "form_key": form_key(visitor, purpose(visitor, {})),
    }
    return visitor.printer.page("films/list_ask.html", values, notice=notice)


def query_of(own: OwnList, sort: ListSort, page: int) -> str:
    """The part of an address that says in which order a list is shown and how far on; empty for what it does anyway."""
    told = {SORT: sort.value} if sort is not own.said.sort else {}
    told |= {"page": str(page)} if page > 1 else {}
    return f"?{urlencode(told)}" if told else ""
