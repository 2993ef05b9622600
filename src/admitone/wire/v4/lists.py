"""This file answers the operations of lists in the fourth generation (wire C.5)."""

from collections.abc import Callable, Coroutine
from typing import Any

from admitone.flows.fourth import lists
from admitone.flows.fourth.lists import ListChange
from admitone.flows.media import lists as media_lists
from admitone.model.faults import Fault, Refused
from admitone.wire.answers import done
from admitone.wire.call import DELETED, Call, Handler, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import page_of
from admitone.wire.v4.rows import (
    Cleared,
    FourthListDetails,
    ItemsDone,
    ListSummaryPage,
    NewFourthList,
    OnList,
    items_done,
    list_details,
    list_summary,
    success,
)

Change = Callable[..., Coroutine[Any, Any, list[bool]]]


@gives({201: NewFourthList}, Fault.LIST_SPAM)
async def create(call: Call) -> Answer:
    """Make a list."""
    values = call.values
    new = lists.NewFourthList(
        values["name"],
        values["description"],
        values["iso_639_1"],
        values["iso_3166_1"],
        values["public"],
        values["sort_by"],
    )
    list_id = await call.house.write(lists.create, call.person.account_id, call.app_id, new)
    return answer(success(NewFourthList, id=list_id), 201)


@gives(FourthListDetails, Fault.LIST_PRIVATE)
async def details(call: Call) -> Answer:
    """A list and one page of what is on it: anybody's public one, one's own private one."""
    values, account_id = call.values, call.caller.person and call.caller.person.account_id
    found = await call.house.read(lists.show, values["list_id"], account_id, values["sort_by"], values["page"])
    return answer(list_details(*found))


@gives({200: (40,), 201: (12,)}, Fault.LIST_OF_OTHER)
async def update(call: Call) -> Answer:
    """Change what is said of one's own list; code 40 where nothing is to change."""
    values = call.values
    change = ListChange(
        values["name"], values["description"], values["public"], values["sort_by"], values["backdrop_path"]
    )
    changed = await call.house.write(lists.update, call.person.account_id, call.app_id, values["list_id"], change)
    return done(12 if changed else 40)


@gives(DELETED, Fault.LIST_OF_OTHER)
async def delete(call: Call) -> Answer:
    """Delete one's own list."""
    await call.house.write(media_lists.delete, call.person.account_id, call.app_id, call.values["list_id"])
    return done(13)


@gives(Cleared, Fault.LIST_OF_OTHER)
async def clear(call: Call) -> Answer:
    """Take everything off one's own list. It is a GET that changes something, as TMDB has it."""
    list_id = call.values["list_id"]
    deleted = await call.house.write(media_lists.clear, call.person.account_id, call.app_id, list_id)
    return answer(success(Cleared, id=list_id, items_deleted=deleted))


def items(change: Change, says: str) -> Handler:
    """What answers an operation on items of a list."""

    @gives(ItemsDone, Fault.LIST_OF_OTHER, says=says)
    async def answers(call: Call) -> Answer:
        values = call.values
        who = (call.person.account_id, call.app_id)
        found = await call.house.write(change, *who, values["list_id"], values["items"])
        return answer(items_done(values["items"], found))

    return answers


add = items(lists.add, "Put titles on one's own list; a comment is not kept.")
comment = items(lists.comment, "Comment on titles of one's own list.")
remove = items(lists.remove, "Take titles off one's own list.")


@gives(OnList, Fault.LIST_PRIVATE, Fault.LIST_ITEM_ABSENT)
async def item_status(call: Call) -> Answer:
    """Whether a title is on a list: code 34 for one that is not."""
    values = call.values
    which = {name: values[name] for name in ("media_type", "media_id")}
    present = await call.house.read(
        media_lists.has_item, call.person.account_id, values["list_id"], values["media_type"], values["media_id"]
    )
    if not present:
        raise Refused(Fault.LIST_ITEM_ABSENT)
    return answer(success(OnList, id=values["list_id"], **which))


@gives(ListSummaryPage)
async def of_account(call: Call) -> Answer:
    """The person's lists, the private ones too."""
    page = await call.house.read(lists.of_account, call.person.account_id, call.values["page"])
    return answer(page_of(page, [list_summary(each) for each in page.rows]))
