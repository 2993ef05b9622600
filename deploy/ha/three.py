"""This file runs an Admit One on each of the three hosts, all of them with one database and one key ring."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.ha.cluster import ADMITONE_PORT, BREATH_S, EDGE_ADDRESS, PATIENCE_S, Cluster, ClusterError

NAME = "admitone"
SERVING = "Serving "


def settings(cluster: Cluster, host: str, key_ring: Path) -> dict[str, str]:
    """What the Admit One of a host is told: the same on each but for its own address."""
    return {
        "ADMITONE_DATABASE": cluster.address,
        "ADMITONE_READ_DATABASE": cluster.replica_address,
        "ADMITONE_KEY_RING": str(key_ring),
        "ADMITONE_HOST": cluster.hosts[host].address,
        "ADMITONE_PORT": str(ADMITONE_PORT),
        "ADMITONE_PUBLIC_URL": f"http://127.0.0.1:{cluster.port}",
        "ADMITONE_TRUSTED_PROXIES": EDGE_ADDRESS,
    }


def serve(cluster: Cluster, key_ring: Path, environment: Mapping[str, str], logs: Path) -> list[Path]:
    """Start all three and wait until they serve; the files that they write their logs to. Raises ClusterError."""
    written = [logs / f"{host}.log" for host in cluster.hosts]
    for host, log in zip(cluster.hosts, written, strict=True):
        told = {**environment, **settings(cluster, host, key_ring)}
        cluster.run(host, NAME, (sys.executable, "-m", "admitone", "serve"), told, log)
    last = time.monotonic() + PATIENCE_S
    while not all(SERVING in log.read_text(encoding="utf-8") for log in written):
        if gone := over(cluster):
            raise ClusterError(f"Admit One ended on {', '.join(gone)}; see {logs}")
        if time.monotonic() > last:
            raise ClusterError(f"Admit One does not serve after {PATIENCE_S:.0f} s; see {logs}")
        time.sleep(BREATH_S)
    return written


def over(cluster: Cluster) -> list[str]:
    """The hosts on which Admit One runs no more."""
    return [name for name, host in cluster.hosts.items() if host.started[NAME].poll() is not None]
