"""When two address texts are one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.refresh.places import text_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("320 Overdale Road, Romiley", "320 Overdale Road"),
        ("Flat 2, 14 Example Street", "14 Example Street, flat 2, Testbury"),
        ("14 EXAMPLE ST", "14 example street"),
    ],
)
def test_the_same_home_written_twice(one: str, other: str) -> None:
    assert text_key(one, "AA1 1AA") == text_key(other, "aa11aa")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flat 2, 14 Example Street", "Flat 14, 2 Example Street"),
        ("14 Example Street", "14a Example Street"),
        ("The Old Mill", "The Old Barn"),
        ("1 Elm Row", "1 Elm Row Annexe 2"),
    ],
)
def test_different_homes_of_one_postcode(one: str, other: str) -> None:
    assert text_key(one, "AA1 1AA") != text_key(other, "AA1 1AA")


def test_a_postcode_alone_is_no_place() -> None:
    assert text_key(None, "AA1 1AA") == ""
    assert text_key("Romiley", None) == ""


@given(st.text(max_size=80), st.one_of(st.none(), st.text(max_size=10)))
def test_any_text_has_a_key_and_case_does_not_matter(text: str, postcode: str | None) -> None:
    assert text_key(text, postcode) == text_key(text.lower() if text.isascii() else text, postcode)
