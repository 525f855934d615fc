"""Reads edited workbooks back with openpyxl: a witness that shares no code with the product.

Usage: read_back_folder.py FOLDER, which holds pairs `name.xlsx` and `name.xlsx.json`; the json lists the cells that were
written: [tab, row, column, value] with row and column counted from 1. Prints one line per difference and exits
with 1 when there are any. Workbooks that openpyxl could not open before the edit either are skipped: their json
has "original", the path of the unedited file.
"""

import json
import sys
import warnings
from pathlib import Path

import openpyxl
from openpyxl.utils.escape import unescape

warnings.simplefilter("ignore")


def load(path):
    return openpyxl.load_workbook(path, read_only=True)


def value_at(sheet, row, column):
    rows = sheet.iter_rows(min_row=row, max_row=row, min_col=column, max_col=column, values_only=True)
    return next(rows, (None,))[0]


def main(folder):
    wrong = read = 0
    for listing in sorted(Path(folder).glob("*.json")):
        expected = json.loads(listing.read_text(encoding="utf-8"))
        path = listing.with_suffix("")
        try:
            book = load(path)
        except Exception as error:  # openpyxl raises all kinds of errors
            try:
                load(expected["original"])
            except Exception:
                continue
            print(f"{path.name}: opens no more ({error})")
            wrong += 1
            continue
        read += 1
        for tab, row, column, value in expected["cells"]:
            if tab not in book.sheetnames:  # openpyxl leaves out sheets it cannot place, before and after
                continue
            found = value_at(book[tab], row, column)
            if isinstance(found, str):
                found = unescape(found)
            if isinstance(value, (int, float)) and not isinstance(found, (int, float)):
                # A number in a cell with a date format comes back as a date.
                if not hasattr(found, "isoformat") and not hasattr(found, "total_seconds"):
                    print(f"{path.name} {tab} {row},{column}: {found!r} instead of {value!r}")
                    wrong += 1
            elif found != value:
                print(f"{path.name} {tab} {row},{column}: {found!r} instead of {value!r}")
                wrong += 1
    print(f"{read} workbooks read back, {wrong} differences")
    return 1 if wrong or not read else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
