"""What is known in a place: its landsdeel and the bodies that work there."""

from collections.abc import Sequence

from bot.knowledge.schema import Landsdeel, Organisatie


def bodies_for(
    landsdeel: Landsdeel, provincie: str | None, gemeente: str | None, streken: Sequence[str]
) -> list[Organisatie]:
    """Return the bodies that work in a place: those of its gemeente or streek, its province, the landsdeel."""

    def distance(body: Organisatie) -> int | None:
        if (gemeente and gemeente in body.gemeenten) or set(streken) & set(body.streken):
            return 0
        if provincie and provincie in body.provincies:
            return 1
        return 2 if body.whole_landsdeel else None

    near = [(distance(body), body) for body in landsdeel.organisaties]
    return [body for far, body in sorted(((d, b) for d, b in near if d is not None), key=lambda pair: pair[0])]
