"""Wheel, sdist -> wheel and the checkout list and open the same material."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Runs in the new environment, away from the checkout: lists every id and opens what can be opened.
PROBE = """
import json, pathlib
import volresearch as vr
from volresearch.plugins import KINDS, Host

host = Host.load(select=[])
ids = {kind: sorted(record.id for record in host.records(kind)) for kind in KINDS}
for kind in KINDS:
    for record in host.records(kind):
        assert record.path is None or record.path.exists(), record
opened = {}
for name in ids["datasets"]:
    dataset = vr.dataset(name)
    opened[name] = [dataset.sha256, len(dataset.to_pandas())]
for name in ids["indicators"]:
    opened[name] = str(vr.indicator(name).title)
opened["figures"] = len(vr.facts())
print(json.dumps({"where": str(pathlib.Path(vr.__file__).parent), "ids": ids, "opened": opened}))
"""


def _run(*words, **more):
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, encoding="utf-8", **more
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _build(source: Path, out: Path, *kinds: str) -> None:
    # Without isolation: the build backend is installed here, and nothing is fetched.
    _run(sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", out, source)


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    _build(ROOT, out, "--sdist", "--wheel")
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


@pytest.fixture(scope="module")
def from_sdist(distributions, tmp_path_factory):
    """The wheel that is built from the unpacked sdist."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(distributions["sdist"]) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    out = tmp_path_factory.mktemp("dist_of_sdist")
    _build(source, out, "--wheel")
    (wheel,) = out.glob("*.whl")
    return wheel


def _environment(folder: Path, wheel: Path) -> Path:
    """A new environment with the wheel in it; the dependencies are those of this interpreter."""
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    ours = [path for path in sys.path if path.endswith("site-packages")] or [sysconfig.get_path("purelib")]
    (site / "dependencies.pth").write_text("".join(f"{path}\n" for path in ours), encoding="utf-8")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "--disable-pip-version-check",
        "install",
        "--quiet",
    ]
    _run(*pip, "--no-deps", "--no-index", "--ignore-installed", wheel)
    return python


def _probe(python: Path, cwd: Path, path: str | None = None) -> dict:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    clean["VOLRESEARCH_PLUGINS"] = "none"
    if path:
        clean["PYTHONPATH"] = path
    return json.loads(_run(python, "-c", PROBE, cwd=cwd, env=clean))


@pytest.mark.slow
def test_material__of_wheel_sdist_and_checkout__is_the_same(distributions, from_sdist, tmp_path):
    seen = {
        "checkout": _probe(Path(sys.executable), tmp_path, path=str(ROOT)),
        "wheel": _probe(_environment(tmp_path / "wheel", distributions["wheel"]), tmp_path),
        "sdist": _probe(_environment(tmp_path / "sdist", from_sdist), tmp_path),
    }
    assert Path(seen["checkout"].pop("where")) == ROOT / "volresearch"
    for name in ("wheel", "sdist"):
        assert Path(seen[name].pop("where")).is_relative_to(tmp_path / name)
    assert seen["checkout"]["ids"]["datasets"]
    assert seen["checkout"]["ids"]["notebooks"]
    assert seen["wheel"] == seen["sdist"] == seen["checkout"]


@pytest.mark.slow
def test_commands__of_an_installed_wheel__start(distributions, tmp_path):
    python = _environment(tmp_path / "new", distributions["wheel"])
    program = shutil.which("volresearch", path=str(python.parent))
    assert program
    listed = json.loads(_run(program, "--no-plugins", "plugins", "list", "--json", cwd=tmp_path))
    assert [row["name"] for row in listed if row["status"] == "ok"] == ["core"]


def test_wheel__its_files__are_the_package_alone(distributions):
    with zipfile.ZipFile(distributions["wheel"]) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"volresearch", next(top for top in tops if top.endswith(".dist-info"))}
    for needed in (
        "volresearch/py.typed",
        "volresearch/core/datasets/facts.yaml",
        "volresearch/core/notebooks/explore.ipynb",
        "volresearch/text/locale/es/LC_MESSAGES/volresearch.mo",
    ):
        assert needed in names
    unwanted = ("__pycache__", "/private/", "/tests/test_")
    # A template of a plugin's test is no test.
    assert [
        name for name in names if any(part in name for part in unwanted) and not name.endswith(".tmpl")
    ] == []


def test_sdist__its_files__hold_what_a_wheel_needs(distributions):
    with tarfile.open(distributions["sdist"]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"pyproject.toml", "LICENSE", "README.md", "CITATION.cff", "datasets/facts.yaml"} <= names
    assert [name for name in names if "__pycache__" in name or name.startswith(("tests/", "plugins/"))] == []
