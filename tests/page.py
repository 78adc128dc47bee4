"""One page as a strict reader sees it: every tag closed, one heading, labels on fields, unique ids, nothing inline."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from web.headers import TEMPLATE_SCRIPT

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
LABELLED = frozenset({"input", "select", "textarea"})
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "image", "reset"})
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "popovertarget")
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href")

Attributes = dict[str, str | None]


@dataclass
class Element:
    """One element: its tag, attributes, text (its children's included) and line."""

    tag: str
    attributes: Attributes
    line: int
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A parsed page and the faults found in it."""

    status: int
    body: str
    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.body)
        self.close()
        self.faults += [f"line {one.line}: <{one.tag}> is never closed" for one in self._open]
        checks = (self._frame, self._ids, self._labels, self._inline, self._addresses, self._errors, self._details)
        for check in checks:
            self.faults += check()

    # --- reading ---------------------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"line {self.getpos()[0]}: <{tag}> repeats an attribute")
        element = Element(tag, dict(attrs), self.getpos()[0])
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            inside = self._open[-1].tag if self._open else "nothing"
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> closes while <{inside}> is open")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    # --- looking ---------------------------------------------------------------------------------------------------

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of that tag whose attributes have those values (`class_` for class, `_` for a hyphen)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one
            for one in self.elements
            if one.tag == tag
            and all(value in (one.attributes.get(name) or "").split(" ") for name, value in wanted.items())
        ]

    def words(self, element: Element) -> str:
        """An element's text with single spaces."""
        return " ".join(element.text.split())

    @property
    def heading(self) -> str:
        """The text of the one h1."""
        return self.words(self.all("h1")[0])

    @property
    def text(self) -> str:
        """The text of the page's body."""
        return self.words(self.all("body")[0])

    @property
    def person_ids(self) -> set[str]:
        """Every person the page shows."""
        return {one.attributes["data-person-id"] or "" for one in self.elements if "data-person-id" in one.attributes}

    @property
    def csrf_token(self) -> str:
        """The form token; empty where the page has no form."""
        found = [one.attributes.get("value") for one in self.all("input", name="csrf_token")]
        return (found[0] if found else None) or ""

    @property
    def bare(self) -> str:
        """The body without form tokens: what two pages are compared by."""
        return self.body.replace(self.csrf_token, "") if self.csrf_token else self.body

    # --- rules -----------------------------------------------------------------------------------------------------

    def _frame(self) -> Iterable[str]:
        if not self.body.lstrip().startswith("<!DOCTYPE html>"):
            yield "the page has no doctype"
        if [one.attributes.get("lang") for one in self.all("html")] != ["en"]:
            yield "the page's language is not said"
        for tag in ("h1", "title", "main"):
            found = [self.words(one) for one in self.all(tag)]
            if len(found) != 1 or not found[0]:
                yield f"the page has {len(found)} <{tag}>, or an empty one"

    def _ids(self) -> Iterable[str]:
        ids = [one.attributes["id"] for one in self.elements if "id" in one.attributes]
        yield from (f"id {name} is used twice" for name in sorted({str(one) for one in ids if ids.count(one) > 1}))
        for one in self.elements:
            for name in REFERENCES:
                for wanted in (one.attributes.get(name) or "").split():
                    if wanted not in ids:
                        yield f"line {one.line}: {name} names {wanted}, which is not there"
            link = one.attributes.get("href") or ""
            if link.startswith("#") and len(link) > 1 and link[1:] not in ids:
                yield f"line {one.line}: a link leads to {link}, which is not there"

    def _details(self) -> Iterable[str]:
        for place, one in enumerate(self.elements):
            following = self.elements[place + 1].tag if place + 1 < len(self.elements) else ""
            if one.tag == "details" and following != "summary":
                yield f"line {one.line}: <details> does not begin with its summary"
            if one.tag == "summary" and not self.words(one):
                yield f"line {one.line}: <summary> has no words"

    def _labels(self) -> Iterable[str]:
        targets = {one.attributes.get("for") for one in self.all("label") if self.words(one)}
        for one in self.elements:
            if one.tag not in LABELLED or one.attributes.get("type") in UNLABELLED_TYPES:
                continue
            if one.attributes.get("id") not in targets and not one.attributes.get("aria-label"):
                yield f"line {one.line}: <{one.tag}> {one.attributes.get('name')} has no label"
        for one in (*self.all("button"), *self.all("a")):
            if not self.words(one) and not one.attributes.get("aria-label"):
                yield f"line {one.line}: <{one.tag}> has no words"

    def _inline(self) -> Iterable[str]:
        for one in self.elements:
            if one.tag == "style" or "style" in one.attributes:
                yield f"line {one.line}: inline style"
            if any(name.startswith("on") for name in one.attributes):
                yield f"line {one.line}: inline handler"
            if one.tag == "script" and "src" not in one.attributes and not _allowed(one):
                yield f"line {one.line}: inline script"

    def _addresses(self) -> Iterable[str]:
        for one in self.elements:
            for name in ADDRESSES:
                address = one.attributes.get(name) or ""
                ours = address.startswith(("/", "#", "mailto:", "tel:")) and not address.startswith("//")
                if address and not ours:
                    yield f"line {one.line}: {name} leaves this server or runs something"
            if one.tag == "form" and one.attributes.get("method") != "post":
                yield f"line {one.line}: a form is not sent by POST: what is typed would go into a URL"

    def _errors(self) -> Iterable[str]:
        summary = self.all("div", class_="govuk-error-summary")
        titles = [self.words(one) for one in self.all("title")]
        if summary and not all(title.startswith("Error:") for title in titles):
            yield "the page has an error summary and its title does not begin with Error:"


def _allowed(script: Element) -> bool:
    if script.attributes.get("type") == "application/json":
        return True  # data, never run
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    return f"'sha256-{digest}'" == TEMPLATE_SCRIPT
