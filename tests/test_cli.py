"""The command line's own tests, run by Node; and the package as npm packs it."""

import json
import os
import subprocess
from pathlib import Path

CLI = Path(__file__).parent.parent / "cli"


def test_the_command_line_passes_its_own_tests():
    tests = sorted(str(path) for path in (CLI / "test").glob("*.test.js"))
    done = subprocess.run(["node", "--test", *tests], cwd=CLI, capture_output=True, text=True)
    assert tests
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_package_runs_from_its_tarball(tmp_path):
    packed = subprocess.run(
        ["npm", "pack", "--json", "--pack-destination", str(tmp_path)],
        cwd=CLI,
        capture_output=True,
        text=True,
        check=True,
    )
    [package] = json.loads(packed.stdout)
    files = {entry["path"] for entry in package["files"]}
    assert "bin/altera.js" in files
    assert not [name for name in files if name.startswith("test/")]
    said = subprocess.run(
        ["npx", "--yes", "--offline", f"./{package['filename']}", "--version"],
        cwd=tmp_path,
        env=os.environ | {"npm_config_cache": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == package["version"]
