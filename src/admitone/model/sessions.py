"""This file says what a session is: the lasting permission of one account to one app."""

BYTES = 20  # 40 hex digits
TOUCH_MS = 5 * 60 * 1000  # last use is written at most this often
