"""Imitates what an xlsx downloaded from Google Sheets has lost. Known from files that came out of it and from reports of users: there
are no document properties at all (no docProps part), a hidden sheet stays hidden, and workbook.xml has a list of names, empty in the files
that were seen. Not known: what becomes of a sheet that is very hidden, of names and of hidden columns. So there are two ways:

  gewoon  document properties gone, very hidden sheets merely hidden
  kaal    besides, hidden sheets gone, names gone, nothing hidden any more, no validations, every note without its author;
          the tabs have the names of the format again, because without names a tab is known by nothing else

Usage: google_export.py IN.xlsx OUT.xlsx gewoon|kaal
"""

import sys

import openpyxl
from openpyxl.comments import Comment
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.worksheet.datavalidation import DataValidationList

source, target, way = sys.argv[1:4]
book = openpyxl.load_workbook(source)
book.custom_doc_props = CustomPropertyList()
book.properties = DocumentProperties()
hidden = [sheet for sheet in book.worksheets if sheet.sheet_state == "veryHidden"]
assert hidden, "the workbook has a very hidden tab"
for sheet in hidden:
    sheet.sheet_state = "hidden"
if way == "kaal":
    for sheet in hidden:
        book.remove(sheet)
    book.defined_names.clear()
    for sheet in book.worksheets:
        sheet.title = sheet.title.replace("Blad ", "Pijler ")
        sheet.data_validations = DataValidationList()
        for dimension in [*sheet.column_dimensions.values(), *sheet.row_dimensions.values()]:
            dimension.hidden = False
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment:
                    cell.comment = Comment(cell.comment.text, "")
book.save(target)
