"""Whether this server can answer: for load balancers and scripts. Shows nobody."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from web.permissions import Access, requires
from web.viewer import live_build

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@requires(Access.ANYONE)
def check() -> ResponseReturnValue:
    """The live build's id; 503 while nothing is published, the engine does not answer or the audit log is broken."""
    if current_app.extensions["fnx_audit"]().broken:
        return jsonify(error="The audit log cannot be written."), 503
    build = live_build().build
    current_app.extensions["fnx"].prove()
    return jsonify(build=build)
