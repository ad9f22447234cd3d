"""Messages cut into the questions that they hold."""

import re

from bot.language.text import words

_END = re.compile(r"(?<=[?!])\s+|(?<=\D[.;])\s+|\n+")
_QUESTION_WORD = (
    r"(?:wie|wat|waar|wanneer|hoe(?:veel|lang|laat)?|welke?|waarom|waarvoor|waarmee|kan|kun|mag|moet|is|zijn"
    r"|heb(?:ben)?|bestaa[tn]|krijg|geldt|hoort|valt|doet|wordt|weten\s+jullie|weet\s+(?:je|u))"
)
# "… en hoe vraag ik het aan": a second question that begins in the middle of the sentence.
_SECOND_QUESTION = re.compile(rf"\s*(?:,|\ben\b|\bplus\b|,\s*en)\s+(?=(?:ook\s+)?{_QUESTION_WORD}\b)", re.IGNORECASE)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a message, in order, none of them empty."""
    return [part.strip() for part in _END.split(text) if words(part)]


def split_questions(text: str) -> list[str]:
    """Return the parts of a message that may each hold a question of their own.

    A sentence is cut at "en" or a comma only when a question word follows and both sides have
    at least three words: "wie is voorzitter en wat doet ptvt" but not "wie en wat".
    """
    parts = []
    for sentence in split_sentences(text):
        start = 0
        for match in _SECOND_QUESTION.finditer(sentence):
            before, after = sentence[start : match.start()], sentence[match.end() :]
            if len(words(before)) >= 3 and len(words(after)) >= 3:
                parts.append(before.strip())
                start = match.end()
        parts.append(sentence[start:].strip())
    return parts
