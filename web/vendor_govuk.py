"""Rebuilds the vendored GOV.UK Frontend: `python web/vendor_govuk.py`. Needs npm; nothing at run time does.

The tool is not on a gov.uk domain, so the Design System forbids its typeface and its crown: both are taken out, and
the build stops where a trace is left. Same bytes every time.
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "6.3.0"
"""The release govuk-frontend-jinja 4.1.0 is made for."""

FOLDER = Path(__file__).parent / "static" / f"govuk-frontend-{VERSION}"
BUILT = "package/dist/govuk/"

LICENCE = """GOV.UK Frontend {version}: https://github.com/alphagov/govuk-frontend
The typeface, the crest and the crown are taken out; everything else is as released.

The MIT License (MIT)

Copyright (c) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

MAP_COMMENT = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
CREST_RULE = re.compile(r"\.govuk-footer__(?:copyright-logo:before|crown)\{[^}]*\}")


def plain_css(css: str) -> str:
    """The style sheet without typeface and crest. Raises ValueError where a trace of either is left."""
    css = MAP_COMMENT.sub("", CREST_RULE.sub("", FONT_FACE.sub("", css)))
    css = css.replace("GDS Transport,arial", "arial").rstrip() + "\n"
    for trace in ("Transport", "url(", "crest", "crown"):
        if trace in css:
            raise ValueError(f"{trace} is still in the style sheet")
    return css


def fetched() -> dict[str, str]:
    """The released style sheet and script, by file name."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"govuk-frontend@{VERSION}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(Path(folder) / f"govuk-frontend-{VERSION}.tgz") as archive:
            return {name: _text(archive, BUILT + name) for name in ("govuk-frontend.min.css", "govuk-frontend.min.js")}


def _text(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(name)
    if file is None:
        raise ValueError(f"{name} is not in the package")
    return file.read().decode("utf-8")


def main() -> None:
    """Write the folder anew, with a licence and the digests of every file."""
    released = fetched()
    files = {
        "govuk-frontend.min.css": plain_css(released["govuk-frontend.min.css"]),
        "govuk-frontend.min.js": MAP_COMMENT.sub("", released["govuk-frontend.min.js"]).rstrip() + "\n",
        "LICENCE.txt": LICENCE.format(version=VERSION),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sums = [f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in files.items()]
    (FOLDER / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


if __name__ == "__main__":
    main()
