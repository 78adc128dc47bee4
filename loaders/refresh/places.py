"""When are two address texts the same place? A key for comparison only; the text shown is always as supplied."""

from loaders.clean.homes import home


def text_key(text: str | None, postcode: str | None) -> str:
    """The place a text names: its postcode with the house and flat numbers, or every word where there is no number.

    A postcode covers about fifteen homes of one street, so within it numbers tell homes apart whatever the word order
    and whether or not the town is written. Without a postcode every word counts. Empty where nothing is known.
    """
    found = home(text or "")
    area = (postcode or "").replace(" ", "").upper()
    if not area:
        return " ".join(found.words) if found.numbers else ""
    if not found.words:
        return ""
    return " ".join([area, *(found.numbers or sorted(set(found.words)))])
