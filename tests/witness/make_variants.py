#!/usr/bin/env python3
"""Makes analysis workbooks with other software than ours: openpyxl, XlsxWriter and LibreOffice.

Usage: make_variants.py FOLDER [--libreoffice]

Every workbook is about an invented wijk; all figures are invented. The names of indicators and domeinen are
those of the built-in format. Run again when the format changes; the results lie in fixtures/werkboeken.
"""

import pathlib
import subprocess
import sys
import tempfile
import zipfile

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

WIJK = "Voorbeeldwijk"

# (domein, [own indicators], [(factor, [indicators])]); each indicator is (name, code, unit, figures)
KANSRIJK = [
    ("Werk", [
        ("Jongeren die werken", "jongeren-werkend", "%", (41.5, None, 45.2)),
        ("Jongeren zonder werk die werk zoeken", "jongeren-werkzoekend", "%", (None, None, 7.4)),
    ], [("Sociaal economische status (ranking 2)", [
        ("Huishoudens met een bijstandsuitkering", "bijstand", "%", (18.3, None, 12.9)),
    ])]),
    ("Schoolprestaties", [
        ("Jongeren zonder startkwalificatie die van school gingen", "vsv", "%", (6.1, None, 5.0)),
    ], [("Taalvaardigheid", [
        ("Bewoners die moeite hebben met lezen in het Nederlands", "moeite-met-lezen", "%", (None, None, None)),
    ])]),
    ("Meedoen aan sport, cultuur en vrijwilligerswerk", [
        ("Bewoners die elke week sporten", "sportdeelname", "%", (48.0, None, 52.0)),
    ], []),
]
VEILIG = [
    ("Criminaliteit", [
        ("Misdrijven: vernieling", "vernieling", "per 1.000 inwoners", (9.7, None, 8.1)),
        ("Misdrijven: straatroof", "straatroof", "per 1.000 inwoners", (0.4, None, 0.5)),
    ], []),
    ("Veilig thuis", [
        ("Bewoners die het Centrum voor Jeugd en Gezin kennen", "bekendheid-cjg", "%", (None, None, 61.0)),
    ], []),
    ("Veilige wijk en schoolomgeving", [
        ("Bewoners die tevreden zijn met de buurt", "tevreden-met-buurt", "%", (70.0, None, 74.3)),
    ], []),
]
GEZOND = [
    ("Sociaal-emotionele gezondheid", [
        ("Volwassenen die eenzaam zijn", "eenzaam", "%", (58.2, None, 55.1)),
    ], []),
    ("Gezond gedrag", [
        ("Volwassenen die roken", "rokers", "%", (22.0, None, 19.0)),
        ("Volwassenen met overgewicht", "overgewicht", "%", (None, None, 49.8)),
    ], []),
    ("Algemene gezondheid", [
        ("Volwassenen die hun gezondheid goed vinden", "ervaren-gezondheid", "%", (66.4, None, 72.0)),
    ], []),
]
PIJLERS = [("Kansrijk", KANSRIJK), ("Veilig", VEILIG), ("Gezond", GEZOND)]
QUESTIONS = [
    "Welke factoren komen naar voren en waar staan zij in de ranking?",
    "Welke leeftijdsfase vraagt de meeste aandacht?",
    "Korte analyse van dit domein",
]
ANSWER = "Het gaat vooral om jongeren.\nZij hebben vaak geen diploma."


def classic(path):
    """openpyxl, the classic layout: no codes, no stamp, one heading row on top of each block."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.create_sheet("Inhoudsopgave")["A1"] = "Inhoud"
    for pijler, domeinen in PIJLERS:
        sheet = book.create_sheet(f"Pijler {pijler}")
        sheet["A1"] = f"Analyse pijler {pijler}"
        sheet["A1"].font = Font(bold=True, size=14)
        for row, (label, value) in enumerate(
            [("Wijk", ""), ("Naam gebiedsadviseur", "A. Adviseur (fictief)"), ("Versie", "0.1"), ("Datum analyse", "")], 2
        ):
            sheet.cell(row, 1, label)
            sheet.cell(row, 2, value or None)
        row = 7
        for domein, own, factoren in domeinen:
            sheet.cell(row, 1, f"Domein: {domein}").font = Font(bold=True)
            row += 1
            for col, heading in enumerate(
                ["Nr", "Indicator", "Eenheid, jaar, doelgroep", "Bron", "wijk", "vrij", "Rotterdam", "Wat valt op?"], 1
            ):
                sheet.cell(row, col, heading).fill = PatternFill("solid", fgColor="DDDDDD")
            row += 1
            number = 0
            for factor, rows in [(None, own)] + factoren:
                if factor:
                    sheet.cell(row, 2, f"Factor: {factor}").font = Font(italic=True)
                    row += 1
                for name, _, unit, (wijk, beside, benchmark) in rows:
                    number += 1
                    sheet.cell(row, 1, number)
                    sheet.cell(row, 2, name)
                    sheet.cell(row, 3, unit)
                    sheet.cell(row, 5, wijk)
                    sheet.cell(row, 7, benchmark)
                    sheet.cell(row, 7).number_format = "0.0"
                    row += 1
            for question in QUESTIONS:
                sheet.cell(row, 2, question)
                sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=8)
                sheet.cell(row, 3).alignment = Alignment(wrap_text=True)
                if "analyse" in question:
                    sheet.cell(row, 3, ANSWER)
                row += 1
            row += 1
        sheet.cell(row, 1, f"Slottabel pijler {pijler}")
        row += 1
        for col, heading in enumerate(
            ["Domein", "Opvallende cijfers", "Factoren (met ranking)", "Leeftijdsfase", "Leefgebied", "Conclusie"], 2
        ):
            sheet.cell(row, col, heading)
        for domein, _, _ in domeinen:
            row += 1
            sheet.cell(row, 2, domein)
        sheet.cell(row, 7, "Eigen conclusie")
    # Traps on the first tab: figures as text, a formula, a fraction in a % cell, a comment, a remark.
    sheet = book["Pijler Kansrijk"]
    rows = {sheet.cell(r, 2).value: r for r in range(1, sheet.max_row + 1)}
    sheet.cell(rows["Jongeren die werken"], 5).value = "41,5"
    sheet.cell(rows["Jongeren zonder werk die werk zoeken"], 5).value = "1.234"
    at = rows["Huishoudens met een bijstandsuitkering"]
    sheet.cell(at, 5).value = 0.183
    sheet.cell(at, 5).number_format = "0.0%"
    sheet.cell(at, 7).value = 0.129
    sheet.cell(at, 7).number_format = "0.0%"
    sheet.cell(at, 8).value = "Veel hoger dan in de stad"
    sheet.cell(at, 5).comment = Comment("Nog navragen", "A. Adviseur")
    at = rows["Bewoners die elke week sporten"]
    sheet.cell(at, 5).value = "=24*2"
    summary = book.create_sheet("Samenvatting alle pijlers samen")
    for col, heading in enumerate(
        ["Pijler", "Domein", "Opvallende cijfers", "Factoren", "Leeftijdsfase", "Leefgebied", "Conclusie"], 1
    ):
        summary.cell(3, col, heading)
    row = 3
    for pijler, domeinen in PIJLERS:
        for domein, _, _ in domeinen:
            row += 1
            summary.cell(row, 1, pijler)
            summary.cell(row, 2, domein)
    summary.cell(row + 2, 1, "Wat is het totaalbeeld?")
    summary.cell(row + 2, 2, "Een gemengd beeld.")
    book.create_sheet("Ranking")["A1"] = "Factor"
    book.create_sheet("Eigen notities")["B2"] = "Niet aankomen"
    book.save(path)


def moved(path):
    """XlsxWriter: renamed tabs, an extra column in front, headings over two rows, merged headings, extra rows, codes in
    a hidden column, answers below the question, optional tabs."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    one = book.add_format({"num_format": "0.0"})
    percent = book.add_format({"num_format": "0.0%"})
    orange = book.add_format({"bg_color": "#FFC000"})
    book.add_worksheet("Voorblad van de gemeente").write("A1", "Rapport")
    for pijler, domeinen in PIJLERS:
        sheet = book.add_worksheet({"Kansrijk": "PIJLER  KANSRIJK", "Veilig": "Veilig", "Gezond": "Gezond 2026 (concept)"}[pijler])
        sheet.write(0, 1, f"Analyse van de pijler {pijler}", bold)
        sheet.write(2, 1, "Naam wijk:")
        sheet.merge_range(2, 2, 2, 4, WIJK)
        sheet.write(3, 1, "Gebiedsadviseur:")
        sheet.write(3, 3, "B. Adviseur (fictief)")
        # Column B is an extra column of somebody; C number, D indicator, E unit, F source, G..I figures, J remark, K code.
        row = 6
        sheet.merge_range(row, 2, row + 1, 2, "Nr")
        sheet.merge_range(row, 3, row + 1, 3, "Indicator /\nfactor")
        sheet.write(row, 4, "Eenheid,")
        sheet.write(row + 1, 4, "jaar, doelgroep")
        sheet.merge_range(row, 5, row + 1, 5, "Bronnen")
        sheet.merge_range(row, 6, row, 8, "Cijfers")
        sheet.write(row + 1, 6, WIJK)
        sheet.write(row + 1, 7, "Nederland")
        sheet.write(row + 1, 8, "Rotterdam")
        sheet.merge_range(row, 9, row + 1, 9, "Opmerkingen")
        sheet.merge_range(row, 10, row + 1, 10, "Code")
        sheet.set_column(10, 10, None, None, {"hidden": True})
        row += 2
        for domein, own, factoren in domeinen:
            row += 1
            sheet.write(row, 1, "extra")
            sheet.write(row, 3, f"DOMEIN - {domein.upper()}", bold)
            row += 2
            for factor, rows in [(None, own)] + factoren:
                if factor:
                    sheet.write(row, 2, f"Factor: {factor}")
                    row += 1
                for name, code, unit, (wijk, beside, benchmark) in rows:
                    # The name was shortened by hand; the code still tells which indicator it is.
                    sheet.write(row, 3, name if code != "vsv" else "Schoolverlaters")
                    sheet.write(row, 4, f"{unit}; editie 2016")
                    sheet.write(row, 5, "Wijkprofiel")
                    fraction = code == "rokers"
                    for col, figure in ((6, wijk), (7, beside), (8, benchmark)):
                        if figure is None:
                            sheet.write_blank(row, col, None, percent if fraction else one)
                        else:
                            sheet.write(row, col, figure / 100 if fraction else figure, percent if fraction else one)
                    sheet.write(row, 10, code)
                    first = row + 1
                    sheet.conditional_format(row, 6, row, 6, {
                        "type": "formula", "format": orange,
                        "criteria": f"=AND(ISNUMBER($I{first}),OR(LEN(TRIM(G{first}))=0,AND(ISNUMBER(G{first}),ROUND(G{first},1)<>ROUND($I{first},1))))",
                    })
                    row += 2
            for question in QUESTIONS:
                sheet.merge_range(row, 2, row, 9, f"{QUESTIONS.index(question) + 1}. {question}", bold)
                sheet.merge_range(row + 1, 2, row + 1, 9, ANSWER if "leeftijdsfase" in question else "", wrap)
                row += 2
        row += 1
        sheet.merge_range(row, 2, row, 9, "Analyse van de pijler", bold)
        sheet.merge_range(row + 1, 2, row + 1, 9, "De domeinen hangen samen.", wrap)
        row += 3
        for col, heading in enumerate(["Domein", "Cijfers die opvallen", "Factoren", "Fase", "Leefgebied", "Conclusies"], 3):
            sheet.write(row, col, heading, bold)
        for domein, _, _ in domeinen:
            row += 1
            sheet.write(row, 3, domein)
            sheet.write(row, 8, "Blijft staan")
        sheet.write_url(0, 8, "internal:'Inhoud'!A1", string="terug")
        sheet.write_url(1, 8, "internal:'Verdwenen tabblad'!A1", string="dood")
    sheet = book.add_worksheet("Inhoud")
    sheet.write_url(0, 0, "internal:'Veilig'!A1", string="Veilig")
    sheet = book.add_worksheet("Samenv. alle pijlers samen")
    for col, heading in enumerate(["Pijler", "Domein", "Opvallende cijfers", "Factoren", "Conclusie"]):
        sheet.write(1, col, heading)
    row = 2
    for pijler, domeinen in PIJLERS:
        sheet.merge_range(row, 0, row + len(domeinen) - 1, 0, pijler)
        for domein, _, _ in domeinen:
            sheet.write(row, 1, domein)
            row += 1
    sheet.write(row + 1, 0, "Eindconclusie")
    sheet.merge_range(row + 1, 1, row + 1, 4, "Inzetten op school.")
    sheet = book.add_worksheet("Factorenmodel emotionele gezond")
    sheet.write(0, 0, "Factor")
    sheet = book.add_worksheet("Maatschappelijke resultaten")
    for col, heading in enumerate(["Nr", "Pijler", "Domein", "Maatschappelijk resultaat", "Indicator", "Startwaarde", "Startjaar",
                                   "Streefwaarde", "Streefjaar", "Meetwijze", "Waarom dit resultaat"]):
        sheet.write(3, col, heading)
    for row, values in enumerate([
        [1, "Kansrijk", "Schoolprestaties", "Meer jongeren halen hun diploma", "vsv", 6.1, 2016, "-1,5", 2028, "elk", "Regel een\nRegel twee"],
        [2, "Gezond", "Gezond gedrag", "Minder mensen roken", "rokers", 22, 2020, "-3", 2028, "gemiddelde", ""],
    ], 5):
        for col, value in enumerate(values):
            sheet.write(row, col, value)
    sheet = book.add_worksheet("Preventiematrix")
    for col, heading in enumerate(["Pijler", "Ambitie", "Resultaat", "Universeel", "Selectief", "Geïndiceerd"]):
        sheet.write(0, col, heading)
    sheet.write_row(1, 0, ["Kansrijk", "Meer diploma's", "1", "lessen", "mentor", ""])
    sheet = book.add_worksheet("Activiteiten")
    for col, heading in enumerate(["Activiteit", "Nieuw/bestaand", "Resultaat", "Factor", "Uitvoerder", "Hoe vaak", "Status"]):
        sheet.write(0, col, heading)
    sheet.write_row(1, 0, ["Huiswerkklas", "bestaand", "1", "Taalvaardigheid", "De school", "elke week", "bezig"])
    book.close()


def one_tab_less(path):
    """openpyxl: the classic workbook without the pijler Veilig, with a bought-in copy of another tab."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "a.xlsx"
        classic(source)
        book = openpyxl.load_workbook(source)
    del book["Pijler Veilig"]
    copy = book.copy_worksheet(book["Pijler Gezond"])
    copy.title = "Pijler Gezond (2)"
    sheet = book["Pijler Gezond"]
    # An indicator of their own, and a near miss.
    rows = {sheet.cell(r, 2).value: r for r in range(1, sheet.max_row + 1)}
    sheet.cell(rows["Volwassenen die roken"], 2).value = "Volwasenen die rookten"
    book.save(path)


def macro_name(source, path):
    """The same package with the content type of a workbook with macros."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "[Content_Types].xml":
                data = data.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            new.writestr(item, data)


def libreoffice(source, kind, folder):
    subprocess.run(
        ["soffice", "-env:UserInstallation=file:///tmp/lo_make_variants", "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)],
        check=True, capture_output=True, timeout=180,
    )


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    classic(folder / "klassiek (fictief).xlsx")
    moved(folder / "verschoven (fictief).xlsx")
    one_tab_less(folder / "tabblad minder (fictief).xlsx")
    macro_name(folder / "verschoven (fictief).xlsx", folder / "met macro-naam (fictief).xlsm")
    if "--libreoffice" in sys.argv:
        source = folder / "klassiek (fictief).xlsx"
        for kind in ("xls", "ods"):
            libreoffice(source, kind, folder)
        with tempfile.TemporaryDirectory() as scratch:
            libreoffice(folder / "verschoven (fictief).xlsx", "xlsx", scratch)
            made = pathlib.Path(scratch) / "verschoven (fictief).xlsx"
            (folder / "libreoffice (fictief).xlsx").write_bytes(made.read_bytes())


if __name__ == "__main__":
    main()
