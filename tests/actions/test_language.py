import pytest

from actions.language import is_english


@pytest.mark.parametrize(
    "text",
    ["where can I find an internship", "How do I become a teacher?", "I want to kill myself", "what is this about"],
)
def test_english(text: str):
    assert is_english(text)


@pytest.mark.parametrize(
    "text", ["stage in Venlo", "waar is de girls day dit jaar", "hoi", "is er een job in de techniek", "wat is een bbl"]
)
def test_dutch(text: str):
    assert not is_english(text)
