"""This file is the floor of HTTP as such: nginx, one worker, a file of 300 bytes that it holds open."""

import shutil
import socket
from pathlib import Path

from bench.floors.http import BODY

LARGEST_STRIDE = 1_000_000  # calls on one connection; the default closes it after a thousand

SETTINGS = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests {stride};
    open_file_cache max=10;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    default_type application/json;
    server {{ listen 127.0.0.1:{port}; root {folder}/nginx; }}
}}
"""


def program() -> str | None:
    """Where it is; Debian's is where only root's PATH looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def prepare(folder: Path) -> tuple[list[str], int]:
    """Write what it serves and how; the command that runs it, and the port it will listen on."""
    found = program()
    if found is None:
        raise FileNotFoundError("nginx is not installed (on Debian: apt-get install nginx-light)")
    root = folder / "nginx" / "3"
    root.mkdir(parents=True)
    (root / "account").write_bytes(BODY)
    for place in (folder, folder / "nginx", root):
        place.chmod(0o755)  # its worker is another user's when we are root
    port = free_port()
    settings = folder / "nginx.conf"
    settings.write_text(SETTINGS.format(folder=folder, port=port, stride=LARGEST_STRIDE), encoding="utf-8")
    return [found, "-c", str(settings), "-e", str(folder / "nginx-errors.log")], port


def free_port() -> int:
    """A port that nobody listens on just now, for programs that cannot choose one themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
