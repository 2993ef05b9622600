#!/bin/sh
# What Patroni runs once, on the first primary: it makes the database and its owner.
# First argument: a file with the owner's password; the second is Patroni's: where the superuser connects.
set -eu

psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$(cat "$1")" --dbname="$2" <<SQL
CREATE ROLE admitone LOGIN PASSWORD :'password';
CREATE DATABASE admitone OWNER admitone;
SQL
