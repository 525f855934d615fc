"""No outcome of before stays in an edited workbook that LibreOffice, reckoning everything anew, gives another value.

Usage: stale_outcomes.py FOLDER, which holds pairs `name.xlsx` and `name.xlsx.json`; the json has "original", the path of the
unedited file, and "cells", those that were written ([tab, row, column, value], counted from 1). LibreOffice saves originals and
results with every formula reckoned anew; where the two differ in a cell with a formula, our result may hold no outcome there.
LibreOffice is compared with itself only: programs differ in what they reckon. Formulas must read as they did before. Ends
with 1 and the differences.
"""

import json
import pathlib
import re
import shutil
import sys
import tempfile
import warnings
import zipfile

import openpyxl

from open_in_libreoffice import BEYOND, convert

warnings.simplefilter("ignore")

LARGEST = 2_000_000
# openpyxl takes three minutes over the formulas of this one.
TOO_LONG = "closedxml__DrawingSizeInPx.xlsx"
# Other at every moment.
RESTLESS = re.compile(r"\b(RAND|RANDBETWEEN|RANDARRAY|NOW|TODAY)\(", re.IGNORECASE)
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def text(formula):
    """A formula as text: an array is an object of its own."""
    return getattr(formula, "text", formula)


def is_asked(path):
    """Whether a workbook has formulas and is of a size that openpyxl reads in seconds."""
    with zipfile.ZipFile(path) as package:
        sheets = [item for item in package.infolist() if "worksheets/" in item.filename and item.filename.endswith(".xml")]
        if sum(item.file_size for item in sheets) > LARGEST:
            return False
        return any(re.search(rb"<(\w+:)?f[ >/]", package.read(item)) for item in sheets)


def formulas(book):
    """Formulas by tab and cell."""
    found = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found[sheet.title, cell.row, cell.column] = text(cell.value)
    return found


def values(path, cells):
    """What stands in these cells, as was reckoned."""
    book = openpyxl.load_workbook(path, data_only=True)
    tabs = {name: next((t for t in book.sheetnames if t == name or t.startswith(name)), None) for name, _, _ in cells}
    return {at: book[tabs[at[0]]].cell(at[1], at[2]).value for at in cells if tabs[at[0]]}


def other(one, two):
    number = (int, float)
    if isinstance(one, number) and isinstance(two, number):
        return abs(one - two) > 1e-9 * max(1, abs(one), abs(two))
    return one != two


def main(folder):
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        (work / "profile" / "user").mkdir(parents=True)
        (work / "profile" / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
        wrong, with_formulas = [], {}
        for path in sorted(pathlib.Path(folder).glob("*.json")):
            if path.stem in BEYOND or path.stem == TOO_LONG:
                continue
            listing = json.loads(path.read_text(encoding="utf-8"))
            try:
                if not is_asked(path.with_suffix("")):
                    continue
                before = formulas(openpyxl.load_workbook(listing["original"]))
                after = formulas(openpyxl.load_workbook(path.with_suffix("")))
            except Exception:
                # What openpyxl cannot read is for the other witnesses.
                continue
            written = {tuple(cell[:3]) for cell in listing["cells"]}
            for at in before.keys() - written:
                if after.get(at) != before[at]:
                    wrong.append(f"{path.stem} {at}: the formula {before[at]!r} became {after.get(at)!r}")
            calm = {at for at, formula in after.items() if not RESTLESS.search(str(formula))}
            if calm:
                with_formulas[len(with_formulas)] = (path.with_suffix(""), listing["original"], after, calm)
        old = convert({n: case[1] for n, case in with_formulas.items()}, work, "old")
        new = convert({n: case[0] for n, case in with_formulas.items()}, work, "new")
        asked, moved = 0, 0
        for number, (path, _, after, calm) in with_formulas.items():
            if not all((place / f"{number}.xlsx").exists() for place in (old, new)):
                continue
            try:
                places = (path, old / f"{number}.xlsx", new / f"{number}.xlsx")
                if not all(map(is_asked, places)):
                    continue
                kept, one, two = (values(place, calm) for place in places)
            except TypeError as error:
                print(f"{path.name}: openpyxl cannot read what LibreOffice saved ({error})")
                continue
            for at in calm:
                if at not in one or at not in two:
                    continue
                asked += 1
                if other(one[at], two[at]):
                    moved += 1
                    if kept.get(at) is not None:
                        wrong.append(f"{path.name} {at}: ={after[at]} is {two[at]!r} and was {one[at]!r}; {kept[at]!r} stayed")
        print("\n".join(wrong))
        print(f"{len(with_formulas)} workbooks with formulas, {asked} formulas, {moved} with another outcome, {len(wrong)} wrong")
        return 1 if wrong or len(with_formulas) < 30 or moved < 10 else 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
