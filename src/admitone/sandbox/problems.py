"""This file says how the control plane refuses: a status, a word for programs, a sentence for people."""

from admitone.model.faults import Fault, Refused

# Faults of flows that mean something else than "what was sent cannot be".
STATUSES = {
    Fault.ACCOUNT_UNKNOWN: 404,
    Fault.APP_UNKNOWN: 404,
    Fault.TOKEN_UNKNOWN: 404,
    Fault.TITLE_UNKNOWN: 404,
    Fault.USERNAME_TAKEN: 409,
    Fault.NAME_TAKEN: 409,
    Fault.TOKEN_DECIDED: 409,
    Fault.TOKEN_DENIED: 409,
    Fault.TOKEN_EXPIRED: 409,
    Fault.TOKEN_SPENT: 409,
    Fault.TOKEN_REVOKED: 409,
    Fault.LIST_ITEM_TWICE: 409,
    Fault.RATE_LIMITED: 429,
    Fault.LOGIN_LIMITED: 429,
    Fault.HASHING_BUSY: 429,
    Fault.STORE_BUSY: 503,
    Fault.STORE_DOWN: 503,
    Fault.OUTCOME_UNKNOWN: 503,
}


class Unusable(Exception):
    """A call of the control plane that cannot be carried out. The detail holds no secret."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        """See the class."""
        super().__init__(error)
        self.status = status
        self.error = error
        self.detail = detail


def of_refusal(refusal: Refused, words: str) -> Unusable:
    """What a flow's refusal is here; `words` say its fault."""
    detail = f"{words} ({refusal.detail})" if refusal.detail else words
    return Unusable(STATUSES.get(refusal.fault, 422), refusal.fault.value, detail)
