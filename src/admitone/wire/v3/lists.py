"""This file answers the operations of lists (wire F)."""

from admitone.flows import lists
from admitone.flows.lists import NewList
from admitone.model.media import MediaType
from admitone.wire.answers import done
from admitone.wire.call import Call
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import list_details

CREATED = "The item/record was created successfully."


async def create(call: Call) -> Answer:
    """A list of one's own; code 1 with a sentence that no other operation has."""
    values = call.values
    new = NewList(values["name"], values["description"], values["language"] or values["iso_639_1"], values["public"])
    list_id = await call.house.write(lists.create, call.person.account_id, new)
    return answer({"status_message": CREATED, "success": True, "status_code": 1, "list_id": list_id}, 201)


async def details(call: Call) -> Answer:
    """Anybody's public list, one's own private ones."""
    account_id = call.caller.person and call.caller.person.account_id
    media_list, page = await call.house.read(lists.show, call.values["list_id"], account_id, call.values["page"])
    return answer(list_details(media_list, page))


async def add_item(call: Call) -> Answer:
    """Films only: series come to a list by the fourth generation."""
    values = call.values
    await call.house.write(
        lists.add_item, call.person.account_id, values["list_id"], MediaType.MOVIE, values["media_id"]
    )
    return done(12)


async def remove_item(call: Call) -> Answer:
    """A film that is not on the list is answered with 200 and `success: false` (code 21)."""
    values = call.values
    await call.house.write(
        lists.remove_item, call.person.account_id, values["list_id"], MediaType.MOVIE, values["media_id"]
    )
    return done(13)


async def delete(call: Call) -> Answer:
    """200 and 13; the real service answers 500 although the list is gone (wire G.1)."""
    await call.house.write(lists.delete, call.person.account_id, call.values["list_id"])
    return done(13)
