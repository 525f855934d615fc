"""Compares every figure of ten wijken in the filled workbooks and in the reports' appendix with the raw source files.

A path of its own: the sources are read as in overview_figures.py, the workbook with openpyxl, the report with
python-docx. Prints how many figures were compared as its last word; exits with 1 and a list of differences otherwise.

Usage: figures_of_ten.py namen
       figures_of_ten.py DATA TEMPLATES FOLDER   (FOLDER holds a folder 0, 1, ... per wijk)
"""

import csv
import re
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import docx
import openpyxl
from docx.oxml.ns import qn
from docx.table import Table

from overview_figures import SHOWN, WIJKEN, raw

NAMES = [SHOWN.get(number, name) for number, (name, _) in WIJKEN.items()]


def expected_number(value, scale):
    """The figure in its own unit (percentages as 0 to 100), or None when the source has none."""
    if value is None or (scale == "tekst" and value in ("", ".")):
        return None
    number = Decimal(repr(float(value)))
    return number * 100 if scale == "fractie" else number


def as_shown(number, decimals):
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def workbook_figures(path):
    """[(tab and cell, code, number or text)] of every row with a code on the pijler tabs, in the indicator's unit."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        if not sheet.title.startswith("Pijler "):
            continue
        for row in range(1, sheet.max_row + 1):
            code = sheet.cell(row, 9).value
            # The ids of columns stand in a hidden row.
            if code and code != "code" and not str(code).startswith("wa:"):
                cell = sheet.cell(row, 5)
                value = cell.value
                if isinstance(value, (int, float)) and "%" in cell.number_format:
                    value = value * 100
                yield f"{sheet.title}!E{row}", code, value


def report_figures(path):
    """{name of the indicator: text in the column of the wijk} from the appendix and the general picture."""
    document = docx.Document(path)
    found = {}
    for element in document.element.body.iter(qn("w:tbl")):
        table = Table(element, document)
        head = [cell.text for cell in table.rows[0].cells]
        if (head[0] == "Cijfer" and head[-1] == "Hoe gemeten") or head[:2] == ["Gegeven", "Cijfer"]:
            for row in table.rows[1:]:
                cells = row.cells
                name = cells[0].text.split("\n")[0]
                assert name not in found, f"{name} stands twice in the appendix"
                found[name] = cells[1].text
    return found


def number_in(text):
    """The number that a Dutch reader sees, or None when it says that there is none."""
    match = re.match(r"^[€\s]*([-\u2212]?)(\d[\d.]*)(?:,(\d+))?", text)
    if not match:
        return None
    sign, whole, part = match.groups()
    return Decimal(("-" if sign else "") + whole.replace(".", "") + (f".{part}" if part else ""))


def main():
    if sys.argv[1:] == ["namen"]:
        print("\n".join(NAMES))
        return
    data, templates, folder = (Path(argument) for argument in sys.argv[1:4])
    expected = raw(data, templates)
    indicators = {
        row["code"]: row for row in csv.DictReader((templates / "indicatoren.csv").open(encoding="utf-8-sig"), delimiter=";")
    }
    wrong, compared = [], 0
    for place, wijk in enumerate(WIJKEN):
        name = NAMES[place]
        seen = set()
        (workbook,) = (folder / str(place)).glob("*.xlsx")
        for at, code, value in workbook_figures(workbook):
            seen.add(code)
            compared += 1
            number = expected_number(*expected[wijk, code])
            if number is None:
                good = not isinstance(value, (int, float))
            else:
                good = isinstance(value, (int, float)) and abs(Decimal(repr(value)) - number) <= Decimal("1e-9") * max(1, abs(number))
            if not good:
                wrong.append(f"{name}, {at}, {code}: {number} in the source, {value!r} in the workbook")
        (report,) = (folder / str(place)).glob("Rapportage*.docx")
        shown = report_figures(report)
        for code, indicator in indicators.items():
            compared += 1
            if indicator["domein"] and code not in seen:
                wrong.append(f"{name}: {code} has a domein but no row in the workbook")
            if indicator["naam"] not in shown:
                wrong.append(f"{name}: {indicator['naam']} does not stand in the report")
                continue
            text = shown[indicator["naam"]]
            number = expected_number(*expected[wijk, code])
            wanted = None if number is None else as_shown(number, int(indicator["decimalen"]))
            if number_in(text) != wanted:
                wrong.append(f"{name}, {code}: {wanted} in the source, {text!r} in the report")
    if wrong:
        print("\n".join(wrong))
        sys.exit(1)
    print("compared", compared)


main()
