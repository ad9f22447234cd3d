import pytest

from bot.website.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mijn bsn is 111222333, help", "mijn bsn is [bsn], help"),
        ("bsn: 123456789 klopt niet maar blijft van mij", "bsn: [bsn] klopt niet maar blijft van mij"),
        ("burgerservicenummer 1112.22.333", "burgerservicenummer [bsn]"),
        ("bel me op 06-12345678 aub", "bel me op [telefoonnummer] aub"),
        ("06 1234 5678", "[telefoonnummer]"),
        ("+31 6 12345678", "[telefoonnummer]"),
        ("(020) 551 93 28", "[telefoonnummer]"),
        ("mail naar jan.de-vries+x@example.nl graag", "mail naar [e-mailadres] graag"),
        ("jan@school.nl.", "[e-mailadres]."),
        ("NL91ABNA0417164300", "[rekeningnummer]"),
        ("rekening nl91 abna 0417 1643 00 staat op naam", "rekening [rekeningnummer] staat op naam"),
        ("ik woon op Dorpsstraat 12a, 1234 AB Ede", "ik woon op [adres] Ede"),
        ("1234AB 12", "[adres]"),
        ("postcode 1234 ab", "postcode [adres]"),
        ("1234 AB huisnummer 5", "[adres]"),
        ("ik woon op 1234ab 12", "ik woon op [adres]"),
        ("kerkstraat 3 in goes", "[adres] in goes"),
    ],
)
def test_personal_data_goes(text: str, masked: str):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "in 2013 tekenden 60 partijen, in 2016 kwamen er 12 doelen",
        "van 56.000 naar 71.000 en 170.000 tegen 154.300",
        "de begroting is 351.600.000 euro",
        "€ 368.640.080 voor 2025-2028",
        "bel 112 of 0800-0113",
        "kamerstuk 32637 nr. 240",
        "BWBR0050611",
        "actie 17 en doel 4",
        "wat gebeurde er op 13-05-2013",
        "de route 2016 2020",
        "op weg naar 2020",
        "ik ben 54 en lasser in Ede",
        "2500 sa's",
        "in 2018 de jaarconferentie",
        "13 mei 2013 is de datum toch",
        "wat gebeurde er in 2021 na de evaluatie",
        "de doelen van 2016 en 2018",
        "ik wil in 2027 op 3 plekken kijken",
    ],
)
def test_facts_stay(text: str):
    assert mask(text) == text
