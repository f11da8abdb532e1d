"""What browsers load from us: pinned files of others, and icons that exist."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"


def test_SEC_40_files_of_others_are_exactly_the_pinned_ones() -> None:
    pinned = dict(re.findall(r"^\| (vendor/\S+) \|.*`([0-9a-f]{64})` \|$", (STATIC / "VERSIONS.md").read_text(), re.M))
    found = {
        str(file.relative_to(STATIC)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "vendor").rglob("*")
        if file.is_file()
    }
    assert found == pinned


def test_SEC_40_every_script_of_a_page_is_our_own_file() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        for script in re.findall(r"<script[^>]*>", template.read_text()):
            assert "url_for('static'" in script, f"{template.name}: {script}"


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    texts = [file.read_text() for file in (ROOT / "templates").rglob("*.html")]
    texts.append((ROOT / "webapp/views/changes_in_words.py").read_text())
    named = {name for text in texts for name in re.findall(r'(?:icon|Line)\(f?"([a-z0-9-]+)"', text)}
    assert named and named <= sprite
