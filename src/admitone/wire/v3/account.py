"""This file answers who the person is (wire D.1)."""

from admitone.wire.call import Call, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import AccountDetails, account_details


@gives(AccountDetails)
async def details(call: Call) -> Answer:
    """Who the person is."""
    # They came with the recognition of the caller, so that nothing more is read.
    return answer(account_details(call.person))
