"""Gives every labelled row of a workbook of the format another label and every pijler tab another name, and saves it with
openpyxl: what is found afterwards is found by its hidden id.

Usage: other_labels.py IN.xlsx OUT.xlsx
"""

import sys

import openpyxl

source, target = sys.argv[1:3]
book = openpyxl.load_workbook(source)
changed = 0
for sheet in list(book.worksheets):
    if not sheet.title.startswith("Pijler "):
        continue
    for row in sheet.iter_rows():
        ids = [cell.value for cell in row if isinstance(cell.value, str) and cell.value.startswith("wa:")]
        # Questions and indicators have their label in column B; the heading of a column is above it.
        if any(kind in found for found in ids for kind in ("wa:vraag:", "wa:indicator:")):
            row[1].value = f"Ander opschrift {row[1].row}"
            changed += 1
    sheet.title = sheet.title.replace("Pijler ", "Blad ")
assert changed > 50, changed
book.save(target)
