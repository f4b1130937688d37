"""The words that names and addresses of the demo book are made of, by country."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """What a country's customers are called and where they live. `zones` by city where the country has several."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    company: tuple[str, ...]
    trade: tuple[str, ...]
    form: tuple[str, ...]
    street: tuple[str, ...]
    city: tuple[tuple[str, str], ...]
    language: str
    currency: str
    zones: dict[str, str] = {}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _cities(text: str) -> tuple[tuple[str, str], ...]:
    """ "8000 Aarhus C, 5000 Odense C"."""
    return tuple((city.strip().split(" ", 1)[0], city.strip().split(" ", 1)[1]) for city in text.split(","))


DENMARK = Place(
    first=_words(
        "Mette Søren Anne Lars Kirsten Peter Hanne Jens Camilla Thomas Louise Rasmus Freja Mikkel Sofie Kasper Ida"
        " Emil Karen Niels Birgit Henrik Maja Oliver Astrid Frederik Lærke Simon Tove Viggo"
    ),
    last=_words(
        "Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Madsen Kristensen"
        " Olsen Thomsen Poulsen Johansen Knudsen Mortensen Lund Holm Bach Dahl Friis Krogh Skov Winther"
    ),
    company=_words(
        "Nordlys Havnegård Egelund Bøgeskov Strandby Vestkyst Fjordgården Møllehuset Lyngby Skovlyst Solsikke Kystens"
        " Bakkegården Søndervang Klitten Ørsted Vinkel Kanalens Torvets Granly Elmegård Birkely"
    ),
    trade=_words(
        "Byg Tømrer VVS Catering Design Transport Have Cykler Foto Bageri Maskiner El Tryk Optik Møbler Kaffe"
    ),
    form=("ApS", "ApS", "A/S", "I/S"),
    street=_words(
        "Bredgade Nørregade Algade Havnevej Skolevej Kirkevej Møllevej Strandvejen Birkevej Industrivej Stationsvej"
        " Vestergade Søndergade Fabriksvej Engvej Lindevej"
    ),
    city=_cities(
        "1260 København K, 2100 København Ø, 2800 Kongens Lyngby, 3000 Helsingør, 4000 Roskilde, 4700 Næstved,"
        " 5000 Odense C, 5700 Svendborg, 6000 Kolding, 6700 Esbjerg, 7100 Vejle, 7400 Herning, 8000 Aarhus C,"
        " 8600 Silkeborg, 8900 Randers C, 9000 Aalborg, 9800 Hjørring, 3700 Rønne"
    ),
    language="da",
    currency="DKK",
)
NORWAY = Place(
    first=_words(
        "Ingrid Ole Kari Per Nora Lars Solveig Magnus Silje Håkon Marit Eirik Astrid Sindre Liv Torstein Hege Jonas"
        " Ragnhild Øyvind Tuva Henrik Berit Knut"
    ),
    last=_words(
        "Hansen Johansen Olsen Larsen Andersen Nilsen Kristiansen Berg Haugen Hagen Eriksen Bakken Moen Strand Solberg"
        " Lie Myhre Dahl Lunde Fossum Aas Nygård"
    ),
    company=_words(
        "Fjellheim Nordfjord Vestland Bryggen Solsiden Lofoten Granberg Tindefjell Elvebakken Havørn Setesdal Kvitfjell"
        " Storgata Fjordvik Dovre Isbre"
    ),
    trade=_words("Bygg Rør Elektro Sjømat Transport Regnskap Møbler Kaffe Verksted Hage Media Båt Sport Trevare"),
    form=("AS", "AS", "AS", "ENK"),
    street=_words("Storgata Kirkegata Skolegata Havnegata Parkveien Fjordveien Bekkeveien Solbakken Industriveien"),
    city=_cities(
        "0155 Oslo, 0350 Oslo, 5003 Bergen, 7010 Trondheim, 4006 Stavanger, 9008 Tromsø, 4611 Kristiansand,"
        " 3015 Drammen, 1606 Fredrikstad, 6002 Ålesund, 2317 Hamar, 8006 Bodø"
    ),
    language="nb",
    currency="NOK",
)
STATES = Place(
    first=_words(
        "James Mary Robert Linda Michael Patricia David Susan Carlos Maria Kevin Angela Brian Denise Tyler Grace Owen"
    ),
    last=_words("Miller Johnson Garcia Davis Wilson Martinez Anderson Taylor Moore Jennings Reed Cooper Brooks Hayes"),
    company=_words("Lakeshore Summit Redwood Pioneer Harbor Cedar Prairie Granite Bluebird Riverside Maple Canyon"),
    trade=("Hardware", "Outfitters", "Foods", "Print Works", "Supply", "Coffee", "Motors", "Fixtures", "Textiles"),
    form=("LLC", "Inc.", "LLC"),
    street=("Main Street", "Oak Avenue", "Maple Street", "2nd Avenue", "Lake Drive", "Mill Road", "Market Street"),
    city=_cities(
        "10011 New York NY, 02116 Boston MA, 60611 Chicago IL, 55401 Minneapolis MN, 80202 Denver CO,"
        " 97205 Portland OR, 94107 San Francisco CA, 78701 Austin TX"
    ),
    language="en",
    currency="USD",
    zones={
        "NY": "America/New_York", "MA": "America/New_York", "IL": "America/Chicago", "MN": "America/Chicago",
        "TX": "America/Chicago", "CO": "America/Denver", "OR": "America/Los_Angeles", "CA": "America/Los_Angeles",
    },
)  # fmt: skip
PLACES = {"DK": DENMARK, "NO": NORWAY, "US": STATES}
