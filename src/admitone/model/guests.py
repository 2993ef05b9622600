"""This file says how long a guest session lives: an hour from its last use."""

BYTES = 16  # 32 hex digits
LIFE_MS = 60 * 60 * 1000
TOUCH_MS = 60 * 1000  # its end moves on at most this often
