#!/bin/sh
# Runs a command again whenever it ends, as systemd does with Restart=always.
while :; do
    "$@" || true
    sleep 0.5
done
