"""What the assistant knows: schema → check → store → search.

Knows no Rasa: a folder and a database address are all it needs.
"""
