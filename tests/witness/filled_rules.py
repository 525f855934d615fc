"""Checks the conditional formats of a workbook of the built-in layout, as openpyxl reads them.

Usage: filled_rules.py WORKBOOK.xlsx

For every row with a code on a pijler tab: exactly one rule covers E and one covers F, each with the formula of the
format for that very row, with the row's number of decimals, and an orange fill. No rule covers another row.
Prints how many cells were checked as its last word.
"""

import re
import sys

import openpyxl
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries, get_column_letter

book = openpyxl.load_workbook(sys.argv[1])
faults, checked = [], 0
for sheet in book:
    if not sheet.title.startswith("Pijler "):
        continue
    covering = {}
    for ranges in sheet.conditional_formatting:
        areas = str(ranges.sqref).split()
        first = areas[0].split(":")[0]
        for rule in ranges.rules:
            for area in areas:
                left, top, right, bottom = range_boundaries(area)
                for row in range(top, bottom + 1):
                    for column in range(left, right + 1):
                        address = f"{get_column_letter(column)}{row}"
                        formula = Translator(f"={rule.formula[0]}", origin=first).translate_formula(address)
                        covering.setdefault(address, []).append((formula.lstrip("="), rule))
    wanted = set()
    for row in range(1, sheet.max_row + 1):
        code = sheet.cell(row, 9).value
        # The ids of columns stand in a hidden row.
        if not code or code == "code" or str(code).startswith("wa:"):
            continue
        shown = sheet.cell(row, 7).number_format
        decimals = len(re.search(r"\.(0*)", shown).group(1)) if "." in shown else 0
        if "%" in shown:
            decimals += 2
        for column in "EF":
            at = f"{column}{row}"
            wanted.add(at)
            checked += 1
            differs = f"AND(ISNUMBER({at}),ROUND({at},{decimals})<>ROUND($G{row},{decimals}))"
            empty = f"OR(LEN(TRIM({at}))=0,{differs})" if column == "E" else differs
            found = covering.get(at, [])
            if [formula for formula, _ in found] != [f"AND(ISNUMBER($G{row}),{empty})"]:
                faults.append(f"{sheet.title}!{at}: {[formula for formula, _ in found]}")
            elif not found[0][1].dxf or not found[0][1].dxf.fill.bgColor.rgb.endswith("F6B26B"):
                faults.append(f"{sheet.title}!{at}: not orange")
    for at in set(covering) - wanted:
        faults.append(f"{sheet.title}!{at}: a rule on a row without a figure")
if faults:
    print("\n".join(faults))
    sys.exit(1)
print("checked", checked)
