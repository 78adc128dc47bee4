"""The front door: leads to the search page."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from web.permissions import Access, requires

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
@requires(Access.SIGNED_IN)
def page() -> ResponseReturnValue:
    """Go to the search page."""
    return redirect(url_for("search.page"))
