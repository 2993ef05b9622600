"""This file answers who the person is (wire D.1)."""

from admitone.wire.call import Call
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import account_details


async def details(call: Call) -> Answer:
    """D.1: the person came with the recognition of the caller, so that nothing more is read."""
    return answer(account_details(call.person))
