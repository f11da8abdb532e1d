"""The version of Clever's API, one setting."""

from pathlib import Path

import pytest

from webapp.settings import Settings, SettingsWrong, load_settings


@pytest.mark.parametrize("version", ["v3.0", "v3.1"])
def test_two_versions_are_known(version: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Settings(_env_file=None).clever_api_version == "v3.1"
    monkeypatch.setenv("ROLLBOOK_CLEVER_API_VERSION", version)
    assert load_settings(tmp_path).clever_api_version == version


@pytest.mark.parametrize("version", ["v2.1", "3.1", "v3.1/", ""])
def test_another_version_is_one_clear_sentence(version: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROLLBOOK_CLEVER_API_VERSION", version)
    with pytest.raises(SettingsWrong) as caught:
        load_settings(tmp_path)
    assert str(caught.value) == "ROLLBOOK_CLEVER_API_VERSION: must be v3.1 or v3.0"
