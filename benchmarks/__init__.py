"""Measurements of quality (`make evaluate`) and speed (`make bench`)."""
