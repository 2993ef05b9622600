"""This file answers the operations of lists (wire F)."""

from admitone.flows.media import lists
from admitone.flows.media.lists import NewList
from admitone.model.faults import Fault, Refused
from admitone.model.media import MediaType
from admitone.wire import bodies
from admitone.wire.answers import done
from admitone.wire.call import CHANGED, DELETED, Call, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import ListDetails, ListPage, list_details, list_row, page_of

CREATED = "The item/record was created successfully."


@gives({201: bodies.NewList})
async def create(call: Call) -> Answer:
    """Make a list."""
    values = call.values
    new = NewList(values["name"], values["description"], values["language"] or values["iso_639_1"], values["public"])
    list_id = await call.house.write(lists.create, call.person.account_id, call.app_id, new)
    return answer(bodies.NewList(CREATED, True, 1, list_id), 201)


@gives(ListDetails, Fault.LIST_PRIVATE)
async def details(call: Call) -> Answer:
    """A list and one page of what is on it: anybody's public one, one's own private one."""
    account_id = call.caller.person and call.caller.person.account_id
    media_list, page = await call.house.read(lists.show, call.values["list_id"], account_id, call.values["page"])
    return answer(list_details(media_list, page))


@gives(CHANGED, Fault.LIST_OF_OTHER, Fault.LIST_ITEM_TWICE)
async def add_item(call: Call) -> Answer:
    """Put a film on one's own list; series come to a list by the fourth generation."""
    values = call.values
    await call.house.write(
        lists.add_item, call.person.account_id, call.app_id, values["list_id"], MediaType.MOVIE, values["media_id"]
    )
    return done(12)


@gives(DELETED, Fault.LIST_OF_OTHER, Fault.LIST_ITEM_ABSENT)
async def remove_item(call: Call) -> Answer:
    """Take a film off one's own list; for one that is not on it, `success` is false under status 200."""
    values = call.values
    await call.house.write(
        lists.remove_item, call.person.account_id, call.app_id, values["list_id"], MediaType.MOVIE, values["media_id"]
    )
    return done(13)


@gives(bodies.ItemStatus, Fault.LIST_PRIVATE)
async def item_status(call: Call) -> Answer:
    """Whether a film is on a list."""
    values = call.values
    account_id = call.caller.person and call.caller.person.account_id
    present = await call.house.read(lists.has_item, account_id, values["list_id"], MediaType.MOVIE, values["movie_id"])
    return answer(bodies.ItemStatus(str(values["list_id"]), present))


@gives(CHANGED, Fault.LIST_OF_OTHER, Fault.CONFIRM_MISSING)
async def clear(call: Call) -> Answer:
    """Take everything off one's own list."""
    if not call.values["confirm"]:
        raise Refused(Fault.CONFIRM_MISSING)
    await call.house.write(lists.clear, call.person.account_id, call.app_id, call.values["list_id"])
    return done(12)


@gives(ListPage)
async def of_account(call: Call) -> Answer:
    """The person's lists, the private ones too."""
    page = await call.house.read(lists.of_account, call.person.account_id, call.values["page"])
    return answer(page_of(page, [list_row(each) for each in page.rows]))


@gives(bodies.ListsWithMovie)
async def with_movie(call: Call) -> Answer:
    """The public lists that a film is on."""
    movie_id = call.values["movie_id"]
    page = await call.house.read(lists.with_title, MediaType.MOVIE, movie_id, call.values["page"])
    rows = [list_row(each) for each in page.rows]
    return answer(bodies.ListsWithMovie(movie_id, page.number, rows, page.pages, page.total))


@gives(DELETED, Fault.LIST_OF_OTHER)
async def delete(call: Call) -> Answer:
    """Delete one's own list."""
    # The real service answers 500 although the list is gone (wire G.1).
    await call.house.write(lists.delete, call.person.account_id, call.app_id, call.values["list_id"])
    return done(13)
