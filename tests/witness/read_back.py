#!/usr/bin/env python3
"""An independent witness: openpyxl reads back what filling says it wrote.

Usage: read_back.py WORKBOOK LEDGER.json. Ends with 1 and the reason when a cell, the record tab or the highlighting
is not as it should be.
"""

import json
import re
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
wrong = []
entries = json.load(open(sys.argv[2], encoding="utf-8"))
if not entries:
    wrong.append("the ledger is empty")
for entry in entries:
    cell = book[entry["tabblad"]][entry["cel"]]
    if cell.value != entry["nieuw"]:
        wrong.append(f"{entry['tabblad']}!{entry['cel']}: {cell.value!r} instead of {entry['nieuw']!r}")
    # A figure under a '%' format is a fraction of a percentage.
    if entry["veld"] in ("wijk", "naast", "benchmark") and "%" in cell.number_format and isinstance(cell.value, (int, float)):
        if cell.value > 1.5:
            wrong.append(f"{entry['cel']}: {cell.value} shown as {cell.number_format}")

if book["_wijkanalyse"].sheet_state != "veryHidden":
    wrong.append("the record tab can be seen")

# Every figure of the wijk has a rule that looks at its own row.
for entry in entries:
    if entry["veld"] != "wijk":
        continue
    sheet = book[entry["tabblad"]]
    row = re.sub(r"\D", "", entry["cel"])
    formulas = [
        rule.formula[0]
        for ranges in sheet.conditional_formatting
        if entry["cel"] in ranges
        for rule in ranges.rules
        if rule.type == "expression" and rule.dxf is not None and rule.dxf.fill is not None
    ]
    if not formulas:
        wrong.append(f"{entry['tabblad']}!{entry['cel']}: no highlighting")

if wrong:
    sys.exit("\n".join(wrong))
