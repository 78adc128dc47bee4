"""Days, spans and ages in words (GOV.UK style: 1 February 2017). Ages are ages on a stated day."""

from datetime import date

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def day_words(day: date) -> str:
    """1 February 2017."""
    return f"{day.day} {month_words(day)}"


def month_words(day: date) -> str:
    """February 2017."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def age_on(born: date | None, on: date) -> int | None:
    """Completed years on that day; None when not born yet or not known. A 29 February birthday falls on 1 March."""
    if born is None or born > on:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_words(born: date, on: date) -> str:
    """14, or for a child under two the months or weeks a social worker would say."""
    years = age_on(born, on)
    if years is None:
        return "not yet born"
    if years >= 2:
        return str(years)
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months >= 1:
        return _counted(months, "month")
    return _counted((on - born).days // 7, "week") if (on - born).days >= 7 else _counted((on - born).days, "day")


def span_words(start: date | None, end: date | None, on: date) -> str:
    """When something lasted: "since …", "… to …", "ended …", "from …" when it lies ahead, or "not recorded"."""
    if end is None:
        if start is None:
            return "start not recorded"
        return f"{'from' if start > on else 'since'} {day_words(start)}"
    verb = "ends" if end > on else "ended"
    return f"{verb} {day_words(end)}" if start is None else f"{day_words(start)} to {day_words(end)}"


def has_ended(end: date | None, on: date) -> bool:
    """Whether the last day lies before that day."""
    return end is not None and end < on


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
