"""What pyproject.toml says of packaged apps, as Flet's own command reads it. The apps themselves are not tried."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from flet_cli.cli import parse_command_line
from flet_cli.commands.flutter_base import BaseFlutterCommand
from flet_cli.utils import python_versions
from PIL import Image

from fieldlog import __version__

HOUSE = Path(__file__).parents[2]
PACKED = ("main.py", "pyproject.toml", "fieldlog", "assets")
WITH_THE_APP = {*PACKED, "LICENSE"}
"""What of a checkout may go into an app; all else in git is left out."""

TARGETS = ("apk", "ipa", "linux", "macos", "windows")
ABIS = ["arm64-v8a", "armeabi-v7a", "x86_64"]
PYTHONS = {
    "default_python_version": "3.14",
    "pythons": {
        short: {"full_version": full, "pyodide_version": "0", "android_abis": ABIS}
        for short, full in (("3.12", "3.12.13"), ("3.13", "3.13.14"), ("3.14", "3.14.6"))
    },
}
"""Those that Flet 1.0.5 puts into an app; its command would fetch this list from far away."""

HAN = re.compile("[\u4e00-\u9fff]")


def build_line(target: str) -> list[str]:
    """What the workflow says to Flet's command for this target."""
    workflow = yaml.safe_load((HOUSE / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    lines = [step.get("run", "") for step in workflow["jobs"]["packaged"]["steps"]]
    (line,) = (one for one in lines if one.startswith("flet"))
    asked = re.sub(r'"\$\(.*\)"', __version__, line).replace('"$TARGET"', target)
    return shlex.split(asked)[1:]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkout as Flet sees it, in a folder in which it may write, on a machine with Flutter."""
    manifest = tmp_path / "pythons.json"
    manifest.write_text(json.dumps(PYTHONS), encoding="utf-8")
    monkeypatch.setenv("FLET_PYTHON_BUILD_MANIFEST", str(manifest))
    monkeypatch.setattr(BaseFlutterCommand, "initialize_command", lambda _: None)
    python_versions._load_data.cache_clear()
    folder = tmp_path / "app"
    folder.mkdir()
    for name in PACKED:
        (folder / name).symlink_to(HOUSE / name)
    return folder


def read_back(target: str, app: Path) -> Any:
    """Flet's command, when it has read what it is to make and has made nothing."""
    options = parse_command_line([*build_line(target), str(app)])
    command = options.handler.__self__
    command.options, command.target_platform = options, target
    command.initialize_command()
    command.validate_entry_point()
    command.setup_template_data()
    return command


@pytest.mark.parametrize("target", TARGETS)
def test_an_app_is_called_fieldlog_and_runs_the_python_it_is_tried_on(target: str, app: Path) -> None:
    command = read_back(target, app)
    told = command.template_data
    assert (told["product_name"], told["org_name"]) == ("FieldLog", "org.fieldlog")
    assert told["options"]["python_version"] == "3.14"
    assert command.options.build_version == __version__
    assert "MIT" in told["copyright"]
    assert command.python_module_filename == "main.py"


@pytest.mark.parametrize("target", ["ipa", "macos"])
def test_the_system_asks_in_both_languages_and_says_what_for(target: str, app: Path) -> None:
    texts = read_back(target, app).template_data["options"]["info_plist"]
    asked = {name: text for name, text in texts.items() if name.endswith("UsageDescription")}
    assert {"NSMicrophoneUsageDescription", "NSCameraUsageDescription"} <= set(asked)
    for name, text in asked.items():
        assert re.match(r"For [a-z ]+", text), name
        assert HAN.search(text), name
    assert texts["CFBundleLocalizations"] == ["en", "zh-Hans"]


def test_an_android_app_may_hear_and_see_and_nothing_else(app: Path) -> None:
    asked = read_back("apk", app).template_data["options"]["android_permissions"]
    assert {name.rpartition(".")[2] for name, given in asked.items() if given} == {"RECORD_AUDIO", "CAMERA"}


def test_whatever_is_in_git_is_packed_or_left_out_by_name(app: Path) -> None:
    out = set(read_back("apk", app).get_pyproject("tool.flet.app.exclude"))
    listed = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=False)
    there = {line.split("/")[0] for line in listed.stdout.splitlines()} | {path.name for path in app.iterdir()}
    assert there - out - WITH_THE_APP == {"build"}, "Flet leaves build out by itself"
    assert {"tests", "docs", "assets/pocket"} <= out


@pytest.mark.parametrize("name", ["icon", "icon_android", "splash"])
def test_pictures_are_where_flet_looks_for_them(name: str) -> None:
    with Image.open(HOUSE / "assets" / f"{name}.png") as picture:
        assert picture.size == (1024, 1024)
        assert picture.mode == ("RGB" if name == "icon" else "RGBA")


def test_the_splash_is_of_the_icons_colour(app: Path) -> None:
    told = read_back("apk", app).get_pyproject
    with Image.open(HOUSE / "assets" / "icon.png") as picture:
        red, green, blue = picture.getpixel((0, 0))  # type: ignore[misc]
    slate = f"#{red:02X}{green:02X}{blue:02X}"
    assert told("tool.flet.splash.color") == told("tool.flet.splash.dark_color") == slate
    assert told("tool.flet.android.adaptive_icon_background") == slate


def test_the_first_screen_speaks_both_languages(app: Path) -> None:
    said = read_back("apk", app).get_pyproject("tool.flet.boot_screen.flet")
    for name in ("prepare_message", "startup_message"):
        assert re.search(r"[A-Z][a-z]+", said[name])
        assert HAN.search(said[name])
