"""This file tells a developer why a call was refused, where the wire must not."""

from admitone.model.faults import Fault

REASONS = {
    Fault.APP_MISSING: "The call brought no API key and no read token.",
    Fault.APP_UNKNOWN: "No app of any world here has this API key or read token.",
    Fault.APP_SWITCHED_OFF: "The app was switched off.",
    Fault.TOKEN_MISSING: "The call brought no request token.",
    Fault.TOKEN_UNKNOWN: "There never was such a request token in this world, or it was swept long after its end.",
    Fault.TOKEN_OF_OTHER_APP: "Another app made this request token.",
    Fault.TOKEN_EXPIRED: "The request token has expired by this world's clock.",
    Fault.TOKEN_PENDING: "Nobody has approved this request token yet.",
    Fault.TOKEN_DENIED: "A person denied this request token.",
    Fault.TOKEN_SPENT: "This request token was exchanged for a session once already.",
    Fault.TOKEN_DECIDED: "This request token was decided already: by another person, or the other way.",
    Fault.TOKEN_REVOKED: "Whoever approved this request token is gone, or took everything back.",
    Fault.SESSION_MISSING: "The call acts for nobody: it brought no session.",
    Fault.SESSION_UNKNOWN: "This app has no such session in this world: never made, ended, or another app's.",
    Fault.GUEST_UNKNOWN: "This app has no such guest session: never made, another app's, or unused for an hour.",
    Fault.LOGIN_MISSING: "The call brought no user name or no password.",
    Fault.LOGIN_WRONG: "The user name or the password is wrong.",
    Fault.LOGIN_LIMITED: "Too many wrong passwords by this world's clock; advance it, or wait.",
    Fault.TITLE_UNKNOWN: "The catalogue of this world has no such title.",
    Fault.ROUTE_UNKNOWN: "There is no such operation or page.",
    Fault.METHOD_UNSUPPORTED: "There is such an operation, but not with this method.",
    Fault.BODY_BAD: "The body is not the JSON or form that it says it is.",
    Fault.LIST_OF_OTHER: "The list is somebody else's.",
    Fault.LIST_PRIVATE: "The list is private and somebody else's.",
    Fault.RATE_LIMITED: "The app asked too often by this world's clock; advance it, or wait.",
    Fault.FORM_STALE: "The form was not sent by a page of this server, from this browser, for this purpose.",
}
