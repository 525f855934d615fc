"""Compares what openpyxl finds of people's work in two workbooks: the same, before and after filling.

Usage: peoples_work_read.py BEFORE.xlsm AFTER.xlsm
"""

import sys

import openpyxl


def found(path):
    book = openpyxl.load_workbook(path, keep_vba=True)
    here = {"tabs": [name for name in book.sheetnames if name != "_wijkanalyse"],
            "names": {name: defined.attr_text for name, defined in book.defined_names.items()}}
    for sheet in book.worksheets:
        if sheet.title == "_wijkanalyse":
            continue
        here[sheet.title] = {
            "notes": {cell.coordinate: (cell.comment.author, cell.comment.text) for row in sheet.iter_rows() for cell in row if cell.comment},
            "hidden": sorted(row for row, dimension in sheet.row_dimensions.items() if dimension.hidden),
            "print": sheet.print_area,
            "protection": (sheet.protection.sheet, sheet.protection.password),
            "pictures": [(picture.anchor._from.row, picture.anchor._from.col, picture._data()) for picture in sheet._images],
            "charts": len(sheet._charts),
            "pivots": [(pivot.name, pivot.location.ref) for pivot in sheet._pivots],
            "merged": sorted(str(area) for area in sheet.merged_cells.ranges),
            "links": sorted((link.ref, link.location or link.target) for link in sheet._hyperlinks),
            "validations": sorted((str(rule.sqref), rule.type, rule.formula1, rule.prompt or "") for rule in sheet.data_validations.dataValidation),
            "rules": sorted((str(area.sqref), tuple(rule.formula), rule.type) for area in sheet.conditional_formatting for rule in area.rules),
            "formulas": {cell.coordinate: getattr(cell.value, "text", cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"},
        }
    return here


before, after = (found(path) for path in sys.argv[1:3])
own, kansrijk = before["Mijn berekeningen"], before["Pijler Kansrijk"]
# The witness must see these things at all.
assert kansrijk["pictures"] and 20 in kansrijk["hidden"] and kansrijk["notes"] and len(own["pivots"]) == 2, kansrijk.keys()
assert own["charts"] == 1 and len(own["formulas"]) == 9 and "mijn_cijfers" in before["names"]
for name, what in before.items():
    if what != after[name]:
        parts = what if isinstance(what, dict) else {}
        sys.exit(f"{name}: {[part for part in parts if what[part] != after[name][part]]}")
print("same")
