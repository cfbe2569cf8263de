"""LibreOffice, with which tests open the files as merchants do: the one found, else Debian's."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts import programs

NAMES = ("soffice", "libreoffice")
TO_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1"
"""Comma, double quotes, UTF-8, texts quoted, values as they are, every sheet."""
FROM_CSV = "CSV:44,34,76,1,,0,true"
"""The same, and what is quoted is a text."""
PATIENCE = 300


def find_office() -> str | None:
    return programs.find_program(NAMES)


def install() -> str | None:
    """Make sure there is one; return what is wrong if there still is none."""
    if not find_office():
        programs.install("--no-install-recommends", "libreoffice-calc")
    if not find_office():
        return "There is no LibreOffice. Install LibreOffice Calc, then run `make test` again."
    return None


def sheets(files: list[Path], folder: Path) -> dict[str, str]:
    """Open workbooks or CSV files, all of one kind; by sheet, as CSV, what LibreOffice sees."""
    with TemporaryDirectory() as profile:
        command: list[str | Path] = [
            _program(),
            f"-env:UserInstallation=file://{profile}",
            "--headless",
        ]
        command += [f"--infilter={FROM_CSV}"] if files[0].suffix == ".csv" else []
        command += ["--convert-to", TO_CSV, "--outdir", folder, *files]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return {
        path.stem.removeprefix(f"{file.stem}-"): path.read_text("utf-8")
        for file in files
        for path in folder.glob(f"{file.stem}-*.csv")
    }


def converted(file: Path, ending: str, folder: Path) -> bytes:
    """The file as LibreOffice saves it in another format, ``xls`` or ``ods``."""
    with TemporaryDirectory() as profile:
        user = f"-env:UserInstallation=file://{profile}"
        command: list[str | Path] = [_program(), user, "--headless"]
        command += ["--convert-to", ending, "--outdir", folder, file]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return (folder / f"{file.stem}.{ending}").read_bytes()


def _program() -> str:
    program = find_office()
    if program is None:
        raise FileNotFoundError("There is no LibreOffice.")
    return program


if __name__ == "__main__":
    sys.exit(install())
