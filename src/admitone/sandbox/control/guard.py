"""This file keeps web pages away from the control plane: it has no password, so it must not be asked by a browser.

A page that somebody visits can make their browser call 127.0.0.1, under that name or, by rebinding its own name, under
the page's. The first kind names another origin, the second another host.
"""

from ipaddress import ip_address

from starlette.datastructures import Headers

from admitone.model.web.hosts import is_loopback_host
from admitone.sandbox.problems import Unusable

ELSEWHERE = Unusable(403, "from_elsewhere", "a web page may not use the control plane; call it from a program")


def check(headers: Headers, origin: str, *, beyond: bool) -> None:
    """Raise Unusable for what a page of somebody else's may have sent.

    `origin` is what this server is called; with `beyond` it is also reached from other machines, by an address or by a
    name without a dot, which nobody can buy.
    """
    hosts = headers.getlist("host")
    if len(hosts) > 1 or (hosts and not _is_ours(hosts[0], origin, beyond=beyond)):
        raise Unusable(403, "host_unknown", "the control plane is not reached by this name; use 127.0.0.1")
    host = hosts[0] if hosts else ""
    for sent in headers.getlist("origin"):
        if sent not in (origin, f"http://{host}", f"https://{host}"):
            raise ELSEWHERE
    navigates = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    site = headers.get("sec-fetch-site", "none")
    if site not in ("none", "same-origin") and not navigates:
        raise ELSEWHERE


def _is_ours(host: str, origin: str, *, beyond: bool) -> bool:
    if host == origin.partition("://")[2]:
        return True
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    if is_loopback_host(name.lower()):
        return True
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return beyond and "." not in name and bool(name)
    return True
