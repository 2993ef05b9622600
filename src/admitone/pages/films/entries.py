"""This file shows people what is on a list of theirs, and lets them add, comment, move and remove (ux.md §7.16)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from admitone.basics.languages import figure, gettext
from admitone.flows.films import own_lists, shelves
from admitone.flows.films.own_lists import ListEntry, OnList, OwnList
from admitone.flows.films.shelves import Entry
from admitone.model.faults import Fault, Refused
from admitone.model.lists import LONGEST_COMMENT, ListSort
from admitone.model.media import Subject
from admitone.model.paging import LAST, ROWS, number_of
from admitone.pages.account.frame import sheet, signed_in, tell
from admitone.pages.films import posters, rows, search
from admitone.pages.films.lists import PATH, SORTS, card, found, list_in, query_of, too_long, typed
from admitone.pages.films.views import anchor, path_of, subject_in
from admitone.pages.forms import Form, asked_for, page_asked_for
from admitone.pages.guard import Visitor, form_key
from admitone.pages.people.fields import Wrong
from admitone.pages.words import Notice

COMMENT, POSITION, STEP = "comment", "position", "step"
LARGEST_POSITION = 9_999_999
STEPS = {"up": -1, "down": 1}


async def show(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /lists/{list}: a list and one page of it."""
    asked, number = asked_for(visitor.request, "sort_by"), page_asked_for(visitor.request)
    sort = ListSort(asked) if asked in tuple(ListSort) else None
    account_id, list_id = signed_in(visitor).account_id, list_in(visitor)
    own, page = await visitor.house.read(own_lists.show, account_id, list_id, sort, number)
    page.must_be_there()
    sort = sort or own.said.sort
    values = {
        "card": card(own, visitor.now),
        "sorts": SORTS,
        "sort": sort,
        "by_hand": sort is ListSort.ORIGINAL,
        "query": query_of(own, sort, number),
        "page": page,
        "start": f"?{urlencode({'sort_by': sort})}&page=",
        "first": (number - 1) * ROWS,
        "rows": [(_row(entry, visitor.now), entry.comment, _key(visitor, own, entry.subject)) for entry in page.rows],
        "posters": await posters.of(visitor, [entry.title for entry in page.rows]),
    }
    return sheet(visitor, "films/list.html", values)


async def look(visitor: Visitor, _form: Form, _notice: Notice | None) -> Response:
    """GET /lists/{list}/search?query=…: titles to put on a list."""
    result, account_id = await search.find(visitor), signed_in(visitor).account_id
    subjects = [shelves.whole(each.title) for each in result.page.rows]
    own, kept = await visitor.house.read(own_lists.holds, account_id, list_in(visitor), subjects)
    hits = [
        {"row": search.hit(each).row, "kept": is_kept, "form_key": _key(visitor, own, subject)}
        for each, subject, is_kept in zip(result.page.rows, subjects, kept, strict=True)
    ]
    listed = card(own, visitor.now)
    return sheet(
        visitor, "films/search_list.html", {"path": listed.path, "card": listed, "search": result, "hits": hits}
    )


async def show_one(visitor: Visitor, form: Form, notice: Notice | None) -> Response:
    """GET /lists/{list}/{kind}/{title}: how a title stands on a list, to be changed."""
    return await _one(visitor, form, Wrong(notice=notice))


async def act(visitor: Visitor, form: Form) -> Response:
    """POST the same: keep what is said of it, and go back to its row."""
    subject, comment = subject_in(visitor.request), typed(form, COMMENT)
    if said := too_long(comment, LONGEST_COMMENT):
        return await _one(visitor, form, Wrong({COMMENT: said}))
    account_id, list_id = signed_in(visitor).account_id, list_in(visitor)
    await visitor.house.write(own_lists.comment, account_id, list_id, subject, comment)
    tell(visitor, gettext("Saved."))
    return RedirectResponse(f"{PATH}/{list_id}{_came_from(visitor)}#{anchor(subject)}", 303)


async def act_add(visitor: Visitor, form: Form) -> Response:
    """POST …/add: put it at the end of the list."""
    subject, account_id, list_id = subject_in(visitor.request), signed_in(visitor).account_id, list_in(visitor)
    try:
        position = await visitor.house.write(own_lists.add, account_id, list_id, subject)
    except Refused as refused:
        if refused.fault is not Fault.LIST_ITEM_TWICE:
            raise
        twice = Notice(
            422, gettext("Nothing was added"), (gettext("That’s already on this list."),), fault=refused.fault
        )
        return await _one(visitor, form, Wrong(notice=twice))
    on_list = await _found(visitor, subject)
    tell(visitor, gettext("{title} is on the list.", title=rows.name_of(on_list.title)))
    return RedirectResponse(_at(on_list.own, subject, position), 303)


async def act_remove(visitor: Visitor, _form: Form) -> Response:
    """POST …/remove: take it off the list."""
    subject, account_id, list_id = subject_in(visitor.request), signed_in(visitor).account_id, list_in(visitor)
    title = (await _found(visitor, subject)).title
    try:
        left = await visitor.house.write(own_lists.remove, account_id, list_id, subject)
    except Refused as refused:
        if refused.fault is not Fault.LIST_ITEM_ABSENT:
            raise
        left = (await found(visitor)).said.item_count  # sent twice, it says the same
    tell(visitor, gettext("{title} is off the list.", title=rows.name_of(title)))
    return RedirectResponse(f"{PATH}/{list_id}{_came_from(visitor, left)}", 303)


async def act_move(visitor: Visitor, form: Form) -> Response:
    """POST …/move: put it one place up or down, or at the place that was typed, and go to its row there."""
    subject, account_id, list_id = subject_in(visitor.request), signed_in(visitor).account_id, list_in(visitor)
    by = STEPS.get(form.get(STEP, ""))
    if by is not None:
        position = await visitor.house.write(own_lists.step, account_id, list_id, subject, by)
    else:
        count = (await found(visitor)).said.item_count
        to = number_of(form.get(POSITION, "").strip(), LARGEST_POSITION)
        if to is None or not 1 <= to <= count:
            said = gettext("Choose a place from 1 to {count}.", count=figure(count))
            return await _one(visitor, form, Wrong({POSITION: said}))
        position = await visitor.house.write(own_lists.move, account_id, list_id, subject, to)
    on_list = await _found(visitor, subject)
    where = {"title": rows.name_of(on_list.title), "position": figure(position)}
    tell(visitor, gettext("{title} is at place {position} now.", **where))
    return RedirectResponse(_at(on_list.own, subject, position), 303)


def purpose(visitor: Visitor, _form: Form) -> str:
    """What the forms are for: one title on one list, and nothing else."""
    return _purpose(list_in(visitor), subject_in(visitor.request))


def _purpose(list_id: int, subject: Subject) -> str:
    return f"entry\0{list_id}\0{path_of(subject)}"


def _key(visitor: Visitor, own: OwnList, subject: Subject) -> str:
    return form_key(visitor, _purpose(own.said.id, subject))


def _row(entry: ListEntry, now: int) -> rows.Row:
    return rows.row(Entry(entry.title, entry.subject, entry.at, entry.app), now)


async def _found(visitor: Visitor, subject: Subject) -> OnList:
    return await visitor.house.read(own_lists.entry, signed_in(visitor).account_id, list_in(visitor), subject)


async def _one(visitor: Visitor, form: Form, wrong: Wrong) -> Response:
    subject = subject_in(visitor.request)
    on_list = await _found(visitor, subject)
    entry, own = on_list.entry, on_list.own
    listed = card(own, visitor.now)
    query = _came_from(visitor)
    values: Mapping[str, object] = {
        "card": listed,
        "row": _row(entry, visitor.now) if entry else rows.plain(on_list.title, subject),
        "kept": entry is not None,
        "comment": form.get(COMMENT, entry.comment if entry else ""),
        "position": form.get(POSITION, on_list.position),
        "count": own.said.item_count,
        "action": f"{listed.path}/{path_of(subject)}",
        "query": query,
        "back": f"{listed.path}{query}{'#' + anchor(subject) if entry else ''}",
        "form_key": _key(visitor, own, subject),
        "longest": LONGEST_COMMENT,
        "wrong": wrong,
    }
    return sheet(visitor, "films/entry.html", values, notice=wrong.whole)


def _came_from(visitor: Visitor, left: int | None = None) -> str:
    """The view of the list that somebody came from, as the address says; of `left` titles no page behind the last."""
    asked, page = asked_for(visitor.request, "sort_by"), page_asked_for(visitor.request)
    if left is not None:
        page = min(page, max(1, -(-left // ROWS)))
    told = {"sort_by": asked} if asked in tuple(ListSort) else {}
    told |= {"page": str(page)} if page > 1 else {}
    return f"?{urlencode(told)}" if told else ""


def _at(own: OwnList, subject: Subject, position: int) -> str:
    """The address of a row by its place in its person's own order."""
    page = min(-(-position // ROWS), LAST)
    return f"{PATH}/{own.said.id}{query_of(own, ListSort.ORIGINAL, page)}#{anchor(subject)}"
