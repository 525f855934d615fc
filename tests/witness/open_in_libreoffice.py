"""LibreOffice opens edited workbooks and has the new values in place.

Usage: open_in_libreoffice.py FOLDER, which holds pairs `name.xlsx` and `name.xlsx.json`; the json lists the cells that were
written ([tab, row, column, value], counted from 1) and has "original", the path of the unedited file. LibreOffice saves all
of them as xlsx in one go; openpyxl reads what it saved. Ends with 1 and the differences. A workbook that LibreOffice cannot
open is wrong, unless it could not open the original either; those are named.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

import openpyxl
from openpyxl.utils.escape import unescape

warnings.simplefilter("ignore")

# LibreOffice takes minutes over the sixteen thousand columns of two of these, and never ends saving the comments of the
# third; of the originals as well.
BEYOND = {"calamine__issue_174.xlsx", "openxlsx2__x_namespace.xlsx", "xlsxwriter__comment03.xlsx"}


def convert(files, work, name):
    """Saves files again; gives the folder with what came out. Names are numbers: two may differ in extension only."""
    source, result = work / f"{name}-from", work / f"{name}-to"
    source.mkdir()
    for number, file in files.items():
        shutil.copyfile(file, source / f"{number}{pathlib.Path(file).suffix}")
    command = ["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to", "xlsx", "--outdir", result]
    if files:
        subprocess.run([*command, *sorted(source.iterdir())], capture_output=True, check=True, timeout=900)
    return result


def same(found, value):
    # LibreOffice writes the characters of an escape as they are.
    if isinstance(found, str) and found != value:
        found = unescape(found)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # A number in a cell with a format for dates or times comes back as one of those.
        if hasattr(found, "isoformat") or hasattr(found, "total_seconds"):
            return True
        return isinstance(found, (int, float)) and abs(found - value) <= 1e-12 * max(1, abs(value))
    return found == value


def main(folder):
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        listings = [path for path in sorted(pathlib.Path(folder).glob("*.json")) if path.stem not in BEYOND]
        listings = dict(enumerate(listings))
        expected = {number: json.loads(path.read_text(encoding="utf-8")) for number, path in listings.items()}
        saved = convert({number: path.with_suffix("") for number, path in listings.items()}, work, "new")
        closed = {n: expected[n]["original"] for n in listings if not (saved / f"{n}.xlsx").exists()}
        before = convert(closed, work, "old")
        wrong, read = [], 0
        for number, path in listings.items():
            name = path.with_suffix("").name
            if number in closed:
                if (before / f"{number}.xlsx").exists():
                    wrong.append(f"{name}: opens no more")
                else:
                    print(f"{name}: LibreOffice cannot open the original either")
                continue
            book = openpyxl.load_workbook(saved / f"{number}.xlsx", read_only=True)
            read += 1
            for tab, row, column, value in expected[number]["cells"]:
                # LibreOffice puts a number behind the name of a tab that it gave to something else.
                tabs = [tab] if tab in book.sheetnames else [t for t in book.sheetnames if t.startswith(tab)]
                if not tabs:
                    wrong.append(f"{name}: the tab {tab} is gone")
                    continue
                rows = book[tabs[0]].iter_rows(min_row=row, max_row=row, min_col=column, max_col=column, values_only=True)
                found = next(rows, (None,))
                if not same(found[0] if found else None, value):
                    wrong.append(f"{name} {tab} {row},{column}: {found!r} instead of {value!r}")
        print("\n".join(wrong))
        print(f"{read} of {len(listings)} workbooks opened, {len(wrong)} differences")
        return 1 if wrong or read < 100 else 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
