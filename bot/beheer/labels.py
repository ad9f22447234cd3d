"""What the fields of a form are called and what to write in them: Dutch, for whoever has never seen YAML."""

from dataclasses import dataclass

KIND_NAMES = {
    "item": ("Vraag en antwoord", "Vragen en antwoorden"),
    "initiatief": ("Initiatief", "Initiatieven uit het pact"),
    "landsdeel": ("Landsdeel", "Landsdelen"),
    "organisatie": ("Contact in een regio", "Contacten in de regio's"),
    "tabel": ("Tabel", "Tabellen"),
    "lijst": ("Lijst met namen", "Lijsten met namen"),
    "bron": ("Bron", "Bronnen"),
    "thema": ("Thema", "Thema's"),
    "woord": ("Ander woord", "Andere woorden"),
    "website": ("Website", "Website"),
}
"""What one and what several entries of a kind are called."""


@dataclass(frozen=True)
class Label:
    """What a field is called, and what to write in it."""

    text: str
    help: str = ""


LABELS: dict[str, Label] = {
    "id": Label(
        "Kenmerk", "Korte naam voor de computer: kleine letters, cijfers en streepjes. Daarna niet meer te veranderen."
    ),
    "status": Label("Status", "Een concept wordt nagekeken, maar de assistent antwoordt er niet mee."),
    "thema": Label("Thema"),
    "vraag": Label("Vraag", "Hooguit 80 tekens. Deze tekst staat ook op knoppen."),
    "voorbeeldvragen": Label(
        "Voorbeeldvragen",
        "Eén per regel, ten minste zes. Schrijf ze zoals verschillende mensen het vragen: kort en lang, met een tikfout.",
    ),
    "onbekend": Label(
        "De bronnen hebben dit niet",
        "Voor een antwoord dat alleen zegt dat we het niet weten, en waar je wel kunt kijken.",
    ),
    "antwoord": Label("Antwoord", "Korte zinnen, gewone woorden. Een opsomming begint elke regel met een streepje."),
    "doelgroep": Label("Voor wie", "Kies er ten minste één."),
    "links": Label("Links onder het antwoord"),
    "titel": Label("Titel"),
    "url": Label("Adres", "Begint met https://"),
    "bronnen": Label(
        "Bronnen", "Het kenmerk van elke bron. Staat de bron er niet bij? Voeg haar eerst toe bij Bronnen."
    ),
    "vindplaats": Label("Plaats in de bron", "Bijvoorbeeld: hoofdstuk 2.3, actie 14."),
    "gecontroleerd_op": Label("Nagekeken op", "De dag waarop je hebt gezien dat dit klopt."),
    "geldig_tot": Label("Geldig tot", "Mag leeg blijven. Daarna vraagt de lijst je om dit na te kijken."),
    "zie_ook": Label("Zie ook", "Vragen die hierop volgen. Ze komen als knoppen onder het antwoord."),
    "regeling": Label("Regeling", "Alleen bij een subsidie of fonds. De assistent zet de stand onder het antwoord."),
    "voor": Label("Voor wie is de regeling"),
    "uitvoerder": Label("Uitvoerder", "Bij wie vraag je haar aan?"),
    "stand_op": Label("Stand op", "Jaar, maand of dag waarop deze status gold: 2026, 2026-11 of 2026-11-21."),
    "over": Label(
        "Waar het precies over gaat",
        "Noemt een vraag een ander landsdeel of nummer, dan komt dit antwoord niet in beeld.",
    ),
    "landsdeel": Label("Landsdeel"),
    "lijn": Label("Lijn"),
    "ambitie": Label("Nummer van de ambitie"),
    "actie": Label("Nummer van de actie"),
    "doel": Label("Nummer van het doel"),
    "opzoeken": Label("Zoekt op in", "De tabel of lijst waarin het antwoord staat."),
    "naam": Label("Naam"),
    "ook": Label("Andere namen", "Eén per regel: zo noemen bezoekers het."),
    "waar": Label("Waar", "Plaats of streek."),
    "tekst": Label("Tekst", "Korte zinnen, gewone woorden."),
    "gebied": Label("Gebied", "Voor welk gebied, in gewone woorden."),
    "provincies": Label("Provincies", "Eén per regel."),
    "gemeenten": Label("Gemeenten", "Eén per regel. Leeg: voor het hele landsdeel of de hele provincie."),
    "streken": Label("Streken", "Kenmerken uit plaatsen/streken.yml."),
    "site": Label("Website", "Begint met https://"),
    "email": Label("E-mailadres", "Alleen als een bron het geeft."),
    "telefoon": Label("Telefoonnummer", "Alleen als een bron het geeft."),
    "adres": Label("Adres"),
    "stand": Label("Stand", "Jaar, maand of dag waarop dit gold."),
    "ook_bekend_als": Label("Ook bekend als", "Eén per regel."),
    "omschrijving": Label("Omschrijving"),
    "geen_contact_bekend": Label("Streken zonder bekend contact", "Kenmerken van streken, één per regel."),
    "uitgever": Label("Uitgever", "Van wie de bron is."),
    "datum": Label("Datum", "Jaar, maand of dag: 2018, 2018-05 of 2018-05-13."),
    "datum_tekst": Label(
        "Datum in woorden", "Als de bron geen datum heeft: wat je wel weet, zoals: zonder datum, rond 2018."
    ),
    "knop": Label("Vraag op de knop", "Met deze vraag opent een bezoeker het thema."),
    "plaatselijk": Label("Mensen vragen dit voor hun eigen plaats"),
    "startvragen": Label("Startvragen", "Hooguit drie kenmerken van vragen die een pagina over dit thema aanbiedt."),
    "contact": Label("Een mens spreken", "Waar een bezoeker een mens vindt."),
    "themas": Label("Thema's om mee te beginnen", "Kenmerken van thema's, één per regel."),
    "periode": Label("Periode"),
    "van": Label("Van jaar"),
    "tot": Label("Tot en met jaar"),
    "kolommen": Label("Kolommen"),
    "geen_kolom": Label(
        "Geen kolom", "Woorden die bezoekers voor een kolom aanzien, maar die er niet zijn. Eén per regel."
    ),
    "totaalkolom": Label("Kolom met het totaal"),
    "rijen": Label("Rijen"),
    "geen_rij": Label("Geen rij", "Woorden die bezoekers voor een rij aanzien, maar die er niet zijn. Eén per regel."),
    "totaalrij": Label("Rij met het totaal"),
    "maten": Label("Cijfers"),
    "optellen": Label("Het totaal is de som van de rest", "Dan rekent de controle het na."),
    "eenheid": Label("Zo zeg je een waarde", "Bijvoorbeeld: {getal} procent."),
    "waarden": Label("Waarden", "Een tekort is een negatief getal."),
    "woorden": Label("Woorden in de vraag", "Waaraan je ziet dat een vraag hierover gaat. Eén per regel."),
    "afwijkingen": Label("Sommen die in de bron zelf niet kloppen"),
    "maat": Label("Maat"),
    "rij": Label("Rij"),
    "kolom": Label("Kolom"),
    "reden": Label("Reden"),
    "uitleg": Label("Uitleg"),
    "zinnen": Label("Zinnen", "{naam}, {persoon}, {groep} en {aantal} worden ingevuld."),
    "lid": Label("Over een lid"),
    "persoon": Label("Persoon"),
    "groep": Label("Groep"),
    "niemand": Label("Staat er niet op"),
    "lijken": Label("Lijkt op"),
    "groepen": Label("Groepen"),
    "leden": Label("Leden"),
    "zin": Label("Eigen zin", "In plaats van de gewone zin."),
    "later": Label("Wat ervan werd"),
}

OWN_LABELS: dict[tuple[str, str], Label] = {
    ("Woord", "naam"): Label("Zo heet het in de kennis"),
    ("Woord", "ook"): Label("Zo zeggen bezoekers het", "Eén per regel."),
    ("Bron", "adres"): Label("Webadres", "Begint met https://"),
    ("Contact", "adres"): Label("Adres", "Begint met https:// of mailto:"),
    ("Regeling", "status"): Label("Status van de regeling"),
    ("Item", "zie_ook"): LABELS["zie_ook"],
    ("Initiatief", "voorbeeldvragen"): Label(
        "Meer voorbeeldvragen", "Eén per regel. Wat het is, wie meedoen en waar het is, begrijpt de assistent vanzelf."
    ),
}
"""Where a field means something else in one part of the schema."""

FIRST = {
    "Item": ("vraag", "antwoord", "voorbeeldvragen", "thema", "doelgroep", "bronnen", "links", "gecontroleerd_op", "geldig_tot"),
    "Tabel": ("titel", "maten", "uitleg", "bronnen", "gecontroleerd_op"),
    "Maat": ("naam", "waarden"),
    "Lijst": ("titel", "leden", "groepen", "zinnen", "bronnen", "gecontroleerd_op"),
}  # fmt: skip
"""The order of a form, where it is not that of the schema; other fields follow."""
FOLDED = {
    "Item": ("regeling", "over", "opzoeken", "onbekend", "vindplaats"),
    "Tabel": ("periode", "kolommen", "geen_kolom", "totaalkolom", "rijen", "geen_rij", "totaalrij", "woorden", "afwijkingen"),
}  # fmt: skip
"""What a form shows only when it is asked for, or filled in."""


def label_of(model: str, name: str) -> Label:
    """Return the label of a field of a part of the schema."""
    return OWN_LABELS.get((model, name)) or LABELS.get(name) or Label(name)
