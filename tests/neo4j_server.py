"""A real Neo4j Community server on loopback for the tests, from Maven Central's artefacts. No container, no installer.

`python -m tests.neo4j_server -- COMMAND...` runs a command beside one and tells it where through TEST_NEO4J_URI,
FNX_GRAPH_USER and FNX_GRAPH_PASSWORD. With TEST_NEO4J_URI already set, the command runs against that server instead:
tests delete everything in it. The jars are fetched once, into the user's cache folder.
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from graph.bolt import Credentials, Store
from graph.errors import ExplorerError

VERSION = "5.26.12"
_OLDEST_JAVA = 17
_START_SECONDS = 120.0
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version><dependencies>
<dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version></dependency>
<dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>{VERSION}</version></dependency>
</dependencies></project>
"""
_CONF = """server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.heap.initial_size=256m
server.memory.pagecache.size=64m
"""
_JAVA_OPTIONS = (
    "-Xmx768m",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)


@contextmanager
def neo4j_server() -> Iterator[dict[str, str]]:
    """The environment that tells where a fresh, empty server is. It ends with the block, or with this process."""
    java, jars = _java(), _jars()
    with tempfile.TemporaryDirectory(prefix="neo4j-", ignore_cleanup_errors=True) as folder:
        home, port, password = Path(folder), _free_port(), secrets.token_urlsafe(16)
        (home / "conf").mkdir()
        (home / "conf" / "neo4j.conf").write_text(_CONF.format(port=port), encoding="utf-8")
        command = [java, *_JAVA_OPTIONS, "-cp", f"{jars}/*", "org.neo4j.server.CommunityEntryPoint"]
        command += [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
        # The same keeper as the embedded engine's: the server ends when this pipe does, even after a kill.
        keeper = subprocess.Popen(
            [sys.executable, "-m", "graph.keeper", str(home / "log"), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,
        )
        try:
            uri = f"bolt://127.0.0.1:{port}"
            _set_password(uri, password, keeper, home / "log")
            yield {"TEST_NEO4J_URI": uri, "FNX_GRAPH_USER": "neo4j", "FNX_GRAPH_PASSWORD": password}
        finally:
            assert keeper.stdin is not None
            keeper.stdin.close()
            keeper.wait()


def neo4j_store() -> Store:
    """The server the tests were given. An error, never a skip, when there is none."""
    missing = [name for name in ("TEST_NEO4J_URI", "FNX_GRAPH_USER", "FNX_GRAPH_PASSWORD") if not os.environ.get(name)]
    if missing:
        raise RuntimeError(f"{', '.join(missing)} not set: run these tests with `make test-neo4j`.")
    return Store(
        os.environ["TEST_NEO4J_URI"], Credentials(os.environ["FNX_GRAPH_USER"], os.environ["FNX_GRAPH_PASSWORD"])
    )


def _set_password(uri: str, password: str, keeper: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        store = Store(uri, Credentials("neo4j", "neo4j"))
        try:
            store.write("system", "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $p", {"p": password})
            break
        except ExplorerError:
            if keeper.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Neo4j did not start:\n{log.read_text(encoding='utf-8')[-4000:]}") from None
            time.sleep(0.5)
        finally:
            store.close()


def _jars() -> Path:
    """The folder of jars, fetched with Maven where it is missing."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "family-network-explorer"
    jars = cache / f"neo4j-{VERSION}"
    if jars.is_dir():
        return jars
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        pom = Path(folder) / "pom.xml"
        pom.write_text(_POM, encoding="utf-8")
        fetched = Path(folder) / "jars"
        command = [_maven(), "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", "-DincludeScope=runtime"]
        print(f"Fetching Neo4j {VERSION} into {jars} ...", file=sys.stderr)
        subprocess.run([*command, f"-DoutputDirectory={fetched}"], check=True, stdout=sys.stderr)
        fetched.rename(jars)
    return jars


def _maven() -> str:
    """Maven, through apt where it is missing and this user may."""
    if shutil.which("mvn") is None and shutil.which("apt-get") and os.geteuid() == 0:
        quiet: Mapping[str, str] = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, stdout=sys.stderr, env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "maven"], check=True, stdout=sys.stderr, env=quiet)
    found = shutil.which("mvn")
    if found is None:
        raise RuntimeError("Maven fetches Neo4j for the tests: install it (Debian: apt-get install maven).")
    return found


def _java() -> str:
    """A Java that Neo4j 5 takes. Maven brings one on Debian."""
    found = shutil.which("java") or (_maven() and shutil.which("java"))
    if not found:
        raise RuntimeError(f"Neo4j {VERSION} needs Java {_OLDEST_JAVA} or 21.")
    said = subprocess.run([found, "-version"], check=True, capture_output=True, text=True).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < _OLDEST_JAVA:
        raise RuntimeError(f"Neo4j {VERSION} needs Java {_OLDEST_JAVA} or 21, and {found} is older.")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(arguments: Sequence[str]) -> int:
    """Run the command beside a server; its exit status is ours."""
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if os.environ.get("TEST_NEO4J_URI"):
        return subprocess.run(command, check=False).returncode
    with neo4j_server() as told:
        return subprocess.run(command, check=False, env={**os.environ, **told}).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
