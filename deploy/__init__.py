"""This folder holds what Admit One is deployed with, beside the program itself."""
