"""Dutch text as visitors type it: sentences, courtesy, words, vectors.

A leaf: plain Python that imports nothing else of the house, so that the Rasa components
(`bot.nlu`) and the knowledge (`bot.knowledge`) can share it.
"""
