import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.schema import Knowledge
from bot.language.text import clean
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
        ("mijn iban is NL00BANK0123456789, help", "mijn iban is [rekeningnummer], help"),
        ("rekeningnummer: 12.34.56.789", "rekeningnummer: [rekeningnummer]"),
        ("rekening nl91 abna 0417 1643 00 staat op naam", "rekening [rekeningnummer] staat op naam"),
        ("ik woon op Dorpsstraat 12a, 1234 AB Ede", "ik woon op [adres] Ede"),
        ("1234AB 12", "[adres]"),
        ("postcode 1234 ab", "postcode [adres]"),
        ("1234 AB huisnummer 5", "[adres]"),
        ("ik woon op 1234ab 12", "ik woon op [adres]"),
        ("kerkstraat 3 in goes", "[adres] in goes"),
        ("Nieuwezijds Voorburgwal 5", "Nieuwezijds [adres]"),
        ("mijn adres is Oude Markt 3", "mijn adres is [adres]"),
        ("ik woon op de Brink 12 in Deventer", "ik woon op de [adres] in Deventer"),
        ("in Haarlem, 2013 EN 12", "in Haarlem, [adres]"),
        ("06.12.34.56.78", "[telefoonnummer]"),
        ("06 - 12 34 56 78", "[telefoonnummer]"),
        ("06\u201112345678", "[telefoonnummer]"),
        ("tel 06-1234567 (een cijfer vergeten)", "tel [telefoonnummer] (een cijfer vergeten)"),
        ("0031612345678", "[telefoonnummer]"),
        ("+31 (0)6-1234 5678", "[telefoonnummer]"),
        ("app me op 612345678", "app me op [telefoonnummer]"),
        ("010-1234567", "[telefoonnummer]"),
        ("+32 470 12 34 56", "[telefoonnummer]"),
        ("naam (at) example punt nl", "[e-mailadres]"),
        ("jan.jansen apenstaartje school punt nl", "[e-mailadres]"),
        ("jan punt jansen at school dot nl", "[e-mailadres]"),
        ("jan[at]school[dot]nl", "[e-mailadres]"),
        ("jan @ school . nl", "[e-mailadres]"),
        ("jan@school", "[e-mailadres]"),
        ("BE68 5390 0754 7034", "[rekeningnummer]"),
        ("ik heet Jan de Vries en zoek een stage", "ik heet [naam] en zoek een stage"),
        ("mijn naam is fatima el amrani, waar vind ik een stage", "mijn naam is [naam], waar vind ik een stage"),
        ("Mijn naam is Karin van der Made", "Mijn naam is [naam]"),
        ("ik heet jan jansen", "ik heet [naam]"),
        ("ik ben geboren op 1 april 2004 in Ede", "ik ben geboren op [geboortedatum] in Ede"),
        ("geboortedatum: 12-03-1998", "geboortedatum: [geboortedatum]"),
        ("leerlingnummer 123456", "leerlingnummer [nummer]"),
        ("mijn paspoort NW1234567", "mijn paspoort [nummer]"),
        ("kenteken 12-ABC-3", "kenteken [nummer]"),
    ],
)
def test_personal_data_goes(text: str, masked: str):
    assert mask(clean(text)) == masked


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
        "het techniekpact van 2013 EN 2016",
        "van 01-06-2013 tot 30-06-2014",
        "06-06-2006 en 06 2013",
        "leerpad 3 en de beroepsbegeleidende leerweg 2",
        "straat 2013, op weg 3 banen, hoofdstuk 5 pad 2",
        "de arbeidsmarkt 10 jaar later",
        "ik woon in Ede 2 km van school",
        "ik woon sinds 2013 in Ede en ben 29",
        "ik heet je welkom",
        "ik ben Fries en lasser",
        "mijn naam is niet belangrijk",
        "wat is er @ de hand met het pact",
        "bel 0800-0113 of 112",
        "student 2013 en leerling 12345",
        "ISBN 9789012345678, KvK 30216733",
        "geboren lasser, 12 jaar ervaring",
    ],
)
def test_facts_stay(text: str):
    assert mask(text) == text


def test_what_the_knowledge_says_is_not_taken_for_personal(knowledge: Knowledge):
    """Nothing that a visitor may ask in the words of the knowledge is masked."""
    for item in knowledge.items:
        for wording in (item.vraag, *item.voorbeeldvragen):
            assert mask(wording) == wording


@given(st.text(alphabet="a1 .-@(EN,", min_size=500, max_size=1000))
@settings(max_examples=50, deadline=1000)
def test_masking_takes_no_time_whatever_comes(text: str):
    assert isinstance(mask(text), str)


@pytest.mark.parametrize(
    "piece", ["a", "a ", "1", "1 ", "a.", "a@", "NL91 ", "06-", "van ", "Aa ", "ik heet van ", "straat "]
)
def test_the_longest_message_is_masked_at_once(piece: str):
    started = time.perf_counter()
    mask(piece * (1000 // len(piece)))
    assert time.perf_counter() - started < 1
