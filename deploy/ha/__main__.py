"""This file is `make cluster`: it runs everything on this machine until it is interrupted, and says how to wound it."""

import os
import signal
import sys

from deploy.ha import three
from deploy.ha.cluster import Cluster, missing


def main() -> int:
    """Run the cluster; 1 when this machine cannot."""
    if lacking := missing():
        print(*(f"cluster: {each}" for each in lacking), sep="\n", file=sys.stderr)
        return 1
    print("starting etcd, Patroni, PostgreSQL, PgBouncer, HAProxy and Admit One on three hosts …")
    with Cluster() as cluster:
        ring = cluster.folder / "admitone.keys"
        three.serve(cluster, ring, {"PATH": os.environ["PATH"]}, cluster.folder)
        print(_told(cluster))
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        print("ending all of it …")
    return 0


def _told(cluster: Cluster) -> str:
    first = cluster.lan.on("a")
    patronictl = f"patronictl -c {cluster.folder}/a/patroni.yml"
    return f"""
callers come in at      http://127.0.0.1:{cluster.port}
who leads               {" ".join(first)} {patronictl} list
hand the primary over   {" ".join(first)} {patronictl} switchover
a shell on a host       {" ".join(first)} sh
an account              ADMITONE_DATABASE='{cluster.address_of(cluster.until(cluster.primary, "a primary"))}' \\
                        ADMITONE_KEY_RING={cluster.folder}/admitone.keys admitone account add mira
logs                    {cluster.folder}

Ctrl-C ends everything and removes it.
"""


if __name__ == "__main__":
    raise SystemExit(main())
