"""Fills a workbook with an advisor's words, as a person would with Excel. Every text says that it is fictitious.

Usage: write_texts.py FILLED.xlsx OUT.xlsx TEXTS.json

TEXTS.json gets {"report": [...], "plan": [...]}: every text that the document must hold, to the letter.
"""

import json
import sys

import openpyxl

source, target, listing = sys.argv[1:4]
book = openpyxl.load_workbook(source)
report, plan = [], []


def text(what, where=report):
    """A text of its own, with signs that get lost easily."""
    made = f"Fictief, {what} {len(report) + len(plan)}: 'zó' & <zo>, 5% – één."
    where.append(made)
    return made


for pijler in ("Kansrijk", "Veilig", "Gezond"):
    sheet = book[f"Pijler {pijler}"]
    labels = {"Naam gebiedsadviseur": "A. Fictief", "Versie": "0.9 fictief", "Datum analyse": "2026-11-22"}
    block = closing = False
    remarks = 0
    for row in range(1, sheet.max_row + 1):
        first, second = sheet.cell(row, 1).value, sheet.cell(row, 2).value
        if second in labels:
            sheet.cell(row, 3).value = labels[second]
        first = str(first or "")
        if first.startswith("Vragen bij") or first.startswith("Analyse pijler"):
            block = True
        elif first.startswith("Domein: ") or first.startswith("Slottabel"):
            block = False
        if block and second and sheet.cell(row, 3).value is None:
            sheet.cell(row, 3).value = text(f"antwoord {pijler} {row}")
        if sheet.cell(row, 9).value == "vsv" and remarks < 2:
            sheet.cell(row, 8).value = text(f"opmerking {pijler} {row}")
            remarks += 1
        if first == "Domein":
            closing = True
        elif closing and first:
            sheet.cell(row, 5).value = "12-18 jaar"
            sheet.cell(row, 7).value = "school"
            sheet.cell(row, 8).value = text(f"conclusie {pijler} {row}")
summary = book["Samenvatting alle pijlers samen"]
for row in range(1, summary.max_row + 1):
    if summary.cell(row, 2).value and len(str(summary.cell(row, 1).value)) == 1:
        summary.cell(row, 3).value = text(f"samenvatting {row}")


def rows(tab, records, heading):
    """Writes records below the heading row, by the words that the headings begin with."""
    sheet = book[tab]
    top = next(row for row in range(1, 12) if sheet.cell(row, 1).value == heading)
    columns = {str(cell.value): cell.column for cell in sheet[top] if cell.value}
    for number, record in enumerate(records, top + 1):
        for begin, value in record.items():
            column = next(c for name, c in columns.items() if name.startswith(begin))
            sheet.cell(number, column).value = value


rows("Maatschappelijke resultaten", [
    {"Nr": 1, "Pijler": "Kansrijk", "Domein": "Schoolprestaties",
     "Ambitie": "Meer jeugdigen leveren betere schoolprestaties",
     "Maatschappelijk resultaat": text("resultaat"), "Indicator": "vsv", "Startwaarde": 17.7, "Startjaar": 2016,
     "Streefwaarde": -5, "Streefjaar": 2030, "Meetwijze": "elk", "Onderbouwing": text("onderbouwing"),
     "Inbreng": text("inbreng")},
    {"Nr": 2, "Pijler": "Gezond", "Domein": "Gezond gedrag", "Maatschappelijk resultaat": text("resultaat"),
     "Indicator": "rokers", "Startwaarde": 24.9, "Startjaar": 2020, "Streefwaarde": -3, "Streefjaar": 2030,
     "Meetwijze": "gemiddelde", "Onderbouwing": text("onderbouwing"), "Inbreng": text("inbreng")},
], "Nr")
rows("Preventiematrix", [
    {"Pijler": "Kansrijk", "Ambitie": "Fictieve ambitie", "Maatschappelijk resultaat": "1",
     "Universeel": text("universeel"), "Selectief": text("selectief"), "Geïndiceerd": text("geïndiceerd")},
], "Pijler")
rows("Activiteiten", [
    {"Activiteit": text(f"activiteit {number}", plan), "Nieuw of": "nieuw", "Individueel": "groep", "Resultaat": number,
     "Factor": "Taalvaardigheid", "Leefgebied": "school", "Leeftijdsfase": "12-18 jaar", "Preventieniveau": "selectief",
     "Uitvoerder": text("uitvoerder", plan), "Doelgroep": text("doelgroep", plan), "Bereik": text("bereik", plan),
     "Hoe vaak": text("hoe vaak", plan), "Incidenteel": "structureel", "Trede": 2,
     "Kwaliteitsafspraak": text("kwaliteit", plan), "Eerste stap": text("eerste stap", plan),
     "Afspraak accounthouder": text("accounthouder", plan), "Welke outcome": text("outcome", plan),
     "Hoe meten": text("hoe meten", plan), "Hoe vaak meten": text("hoe vaak meten", plan),
     "Bij wie": text("bij wie", plan), "Aandachtspunten": text("aandachtspunten", plan),
     "Stap adviseur": text("stap adviseur", plan), "Stap partner": text("stap partner", plan),
     "Terugkoppeling": text("terugkoppeling", plan), "Verbeteractie": text("verbeteractie", plan),
     "Wie (rol)": text("wie", plan), "Wanneer": "1 februari 2027", "Status": "bezig"}
    for number in (1, 2)
], "Activiteit")
book.save(target)
with open(listing, "w", encoding="utf-8") as file:
    json.dump({"report": report, "plan": plan}, file, ensure_ascii=False)
