"""Compares every figure of ten wijken in the example overview with the raw source files.

A path of its own: it reads the xls files with xlrd and the csv with Python's csv, finds the columns through the
declarations in templates/bronnen/*.toml read by tomllib, but none of the product's code. Prints how many figures were
compared as its last word; exits with 1 and a list of differences otherwise.

Usage: overview_figures.py DATA OVERVIEW.csv TEMPLATES
"""

import csv
import sys
import tomllib
from pathlib import Path

import xlrd

# Number in the Wijkprofiel and name in the source, and the code in the CBS files (None: divided otherwise).
WIJKEN = {
    21: ("Bospolder", "BU05990321"),
    35: ("Oude Noorden", "BU05990535"),
    17: ("Kop van Zuid", "BU05991017"),
    68: ("Nesselande", "BU05991468"),
    4: ("Rozenburg", "BU05992704"),
    81: ("Bloemhof", "BU05991081"),
    78: ("Zuiderpark en Zuidrand", None),
    3006: ("NoordKethel/Schieveen/Zestienhoven", None),
    1009: ("Groot IJsselmonde-Noord", None),
    1010: ("Groot IJsselmonde-Zuid", None),
}
SHOWN = {3006: "Noord-Kethel/Schieveen/Zestienhoven", 1009: "Groot-IJsselmonde-Noord", 1010: "Groot-IJsselmonde-Zuid"}


def overview(path):
    """{(name, code): cell text} of the wijken in the written overview."""
    rows = list(csv.reader(path.open(encoding="utf-8-sig"), delimiter=";"))
    codes = next(row for row in rows if row[0] == "Code")
    start = next(i for i, row in enumerate(rows) if row[0] == "Gebiedscode")
    return {
        (row[1], codes[col]): row[col]
        for row in rows[start + 1 :]
        if row[2] == "wijk"
        for col in range(4, len(codes))
    }


def sheet_values(workbook, table):
    """{(wijknr, indicator): (value, scale)} of one declared tab."""
    sheet = workbook.sheet_by_name(table["tab"])
    head = [str(cell).strip() for cell in sheet.row_values(table["koprij"] - 1)]
    key = head.index("wijknr")
    name = head.index("BUURT85")
    values = {}
    for number in range(table["eerste_rij"] - 1, sheet.nrows):
        row = sheet.row_values(number)
        if row[key] == "" or int(row[key]) not in WIJKEN:
            continue
        wijk = int(row[key])
        assert row[name].strip() == WIJKEN[wijk][0], (row[name], WIJKEN[wijk])
        for column in table["kolommen"]:
            assert head.count(column["bron"]) == 1, column
            values[wijk, column["indicator"]] = (row[head.index(column["bron"])], column["schaal"])
    return values


def raw(data, templates):
    """{(wijknr, indicator): (value, scale)} of the ten wijken, straight from the source files."""
    sources = templates / "bronnen"
    expected = {}
    for file, mapping in [
        ("rotterdam/wijkprofiel-2014-2016.xls", "wijkprofiel-2016.toml"),
        ("rotterdam/wijkprofiel-context-2015.xls", "context-2015.toml"),
    ]:
        workbook = xlrd.open_workbook(data / file)
        declared = tomllib.loads((sources / mapping).read_text(encoding="utf-8"))
        for table in declared["tabel"]:
            expected.update(sheet_values(workbook, table))
    rivm = {
        row["WijkenEnBuurten"].strip(): row
        for row in csv.DictReader((data / "rivm/50090NED_Rotterdam_2020_18plus.csv").open(), delimiter=";")
    }
    declared = tomllib.loads((sources / "rivm-2020.toml").read_text(encoding="utf-8"))
    for column in declared["tabel"][0]["kolommen"]:
        for wijk, (_, code) in WIJKEN.items():
            value = rivm[code][column["bron"]].strip() if code else None
            expected[wijk, column["indicator"]] = (value, "tekst")
    return expected


def main():
    data, written, templates = (Path(argument) for argument in sys.argv[1:4])
    expected = raw(data, templates)
    found = overview(written)
    indicators = [row["code"] for row in csv.DictReader((templates / "indicatoren.csv").open(), delimiter=";")]
    wrong = []
    compared = 0
    for wijk, (name, _) in WIJKEN.items():
        for indicator in indicators:
            compared += 1
            value, scale = expected[wijk, indicator]
            text = found[SHOWN.get(wijk, name), indicator]
            if value is None:
                good = text == "niet beschikbaar (andere indeling)"
            elif scale == "tekst" and value in ("", "."):
                good = text == "."
            else:
                factor = 100 if scale == "fractie" else 1
                good = abs(float(text.replace(",", ".")) - float(value) * factor) < 1e-9 * max(1, abs(float(value)))
            if not good:
                wrong.append(f"{name}, {indicator}: {value!r} in the source, {text!r} in the overview")
    if wrong:
        print("\n".join(wrong))
        sys.exit(1)
    print("compared", compared)


if __name__ == "__main__":
    main()
