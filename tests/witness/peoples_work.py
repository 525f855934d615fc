"""Puts into a blank workbook what people put into theirs, with the libraries that write such things and, where none
does, as Excel stores them. Every text says that it is fictitious.

Usage: peoples_work.py BLANK.xlsx MACROS.xlsm OUT.xlsm TEXTS.json

The macros come from MACROS.xlsm. TEXTS.json gets {"texts": [...], "parts": [...]}: every text that a person typed, and
every part that is a person's own.
"""

import io
import json
import re
import struct
import sys
import zipfile
import zlib

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

source, macros, target, listing = sys.argv[1:5]
book = openpyxl.load_workbook(source)
texts = []


def text(what):
    """A text of its own, with signs that get lost easily."""
    made = f"Fictief, {what} {len(texts)}: 'zó' & <zo>, 5% – één."
    texts.append(made)
    return made


kansrijk = book["Pijler Kansrijk"]
# An answer with one bold word in it, one in several lines, a remark beside a figure.
rich = [text("gewoon"), text("vet")]
kansrijk["C57"] = rich[0] + rich[1]
kansrijk["C58"] = text("eerste regel") + "\n" + text("tweede regel")
kansrijk["H12"] = text("wat valt op")
kansrijk["E14"] = 41.5  # A figure of their own: theirs, and left alone.
kansrijk["H13"].comment = Comment(text("notitie"), "A. Fictief")
kansrijk.row_dimensions[20].hidden = True
validation = DataValidation(type="list", formula1='"ja,nee"', promptTitle="Fictief", prompt=text("keuze"), showInputMessage=True)
validation.add("H14:H16")
kansrijk.add_data_validation(validation)
kansrijk.conditional_formatting.add(
    "H12:H46", CellIsRule(operator="equal", formula=['"let op"'], fill=PatternFill("solid", bgColor="FFFFFF00"))
)
kansrijk.print_area = "A1:H60"
book["Pijler Gezond"].protection.sheet = True
book["Pijler Gezond"].protection.password = "fictief"
book.defined_names["mijn_cijfers"] = DefinedName("mijn_cijfers", attr_text="'Pijler Kansrijk'!$E$12:$E$16")
book.defined_names["mijn_factor"] = DefinedName("mijn_factor", attr_text="'Mijn berekeningen'!$D$1")

own = book.create_sheet("Mijn berekeningen")
own["A1"] = text("eigen tabblad")
formulas = {
    "B1": ("'Pijler Kansrijk'!E12*2", "7"),
    "B2": ("SUM('Pijler Kansrijk'!E12:E16)", "8"),
    "B3": ("AVERAGE(mijn_cijfers)", "9"),
    "B4": ("B1+1", "10"),
    "B5": ("D1*3", "6"),
    "B6": ("mijn_factor+D2", "5"),
    "B7": ("C12", "11"),
    "H2": ("'Pijler Kansrijk'!E12", "12"),
    "H3": ("'Pijler Kansrijk'!E13", "13"),
}
for at, (formula, _) in formulas.items():
    own[at] = "=" + formula
for row, value in enumerate([2, 3, 4], 1):
    own[f"D{row}"] = value
own["G1"], own["H1"], own["G2"], own["G3"] = "Fictief soort", "Fictief cijfer", "een", "twee"
# What the pivot tables show: Excel writes that into the cells too.
for at, value in {"A11": "Rijlabels", "C11": "Som", "A12": "een", "C12": 12, "A13": "twee", "C13": 13,
                  "F11": "Rijlabels", "G11": "Som", "F12": "x", "G12": 2}.items():
    own[at] = value
own["J1"], own["K1"], own["J2"], own["K2"] = "Eigen soort", "Eigen getal", "x", 2

middle = io.BytesIO()
book.save(middle)
parts = {}
with zipfile.ZipFile(middle) as archive:
    for name in archive.namelist():
        parts[name] = archive.read(name)


def read(name):
    return parts[name].decode("utf-8")


def write(name, content):
    parts[name] = content.encode("utf-8") if isinstance(content, str) else content


def change(name, old, new):
    content = read(name)
    assert content.count(old) >= 1, (name, old)
    write(name, content.replace(old, new, 1))


def sheet_of(tab):
    entry = re.search(r'<sheet [^>]*name="%s"[^>]*>' % re.escape(tab), read("xl/workbook.xml")).group()
    identity = re.search(r'r:id="([^"]*)"', entry).group(1)
    relation = next(r for r in re.findall(r"<Relationship [^>]*>", read("xl/_rels/workbook.xml.rels")) if f'Id="{identity}"' in r)
    return re.search(r'Target="/?(?:xl/)?([^"]*)"', relation).group(1)


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2017/10/relationships"
added = []


def add(name, content, kind):
    write(name, content)
    change("[Content_Types].xml", "</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')
    added.append(name)


def relate(part, identity, kind, to):
    folder, file = part.rsplit("/", 1)
    name = f"{folder}/_rels/{file}.rels"
    if name not in parts:
        write(name, HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>')
    change(name, "</Relationships>", f'<Relationship Id="{identity}" Type="{kind}" Target="{to}"/></Relationships>')


# Excel keeps the outcome of a formula beside it; openpyxl does not.
own_part, kansrijk_part = "xl/" + sheet_of("Mijn berekeningen"), "xl/" + sheet_of("Pijler Kansrijk")
for at, (formula, outcome) in formulas.items():
    content = re.sub(rf'(<c r="{at}"[^>]*><f>[^<]*</f>)<v ?/?>(</v>)?', rf"\g<1><v>{outcome}</v>", read(own_part))
    assert content != read(own_part), at
    write(own_part, content)


# Excel keeps text in the table of shared strings, an answer with a bold word in it as runs.
def escaped(words):
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


runs = (f'<si><r><t xml:space="preserve">{escaped(rich[0])}</t></r><r><rPr><b/><sz val="11"/><color rgb="FFC00000"/><rFont val="Calibri"/></rPr>'
        f'<t xml:space="preserve">{escaped(rich[1])}</t></r></si>')
strings = (HEAD + '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1">' + runs + "</sst>")
if "sharedStrings" in read("[Content_Types].xml"):
    write("xl/sharedStrings.xml", strings)
else:
    add("xl/sharedStrings.xml", strings, "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml")
    relate("xl/workbook.xml", "rIdTekst", OFFICE + "/sharedStrings", "/xl/sharedStrings.xml")
answer = re.search(r'<c r="C57"( s="\d+")? t="inlineStr">.*?</c>', read(kansrijk_part), re.S)
change(kansrijk_part, answer.group(), f'<c r="C57"{answer.group(1)} t="s"><v>0</v></c>')


# A picture: a block of one colour, which is easy to find again on a page.
def png(width, height, colour):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


write("xl/media/foto.png", png(120, 80, (255, 0, 255)))
added.append("xl/media/foto.png")
if 'Extension="png"' not in read("[Content_Types].xml"):
    change("[Content_Types].xml", "<Default ", '<Default Extension="png" ContentType="image/png"/><Default ')
DRAWING = ('xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
           f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{OFFICE}"')
alternative = escaped(text("foto van het plein"))
add("xl/drawings/drawing71.xml", HEAD + f"""<xdr:wsDr {DRAWING}><xdr:twoCellAnchor editAs="oneCell">
<xdr:from><xdr:col>7</xdr:col><xdr:colOff>100000</xdr:colOff><xdr:row>12</xdr:row><xdr:rowOff>50000</xdr:rowOff></xdr:from>
<xdr:to><xdr:col>7</xdr:col><xdr:colOff>1500000</xdr:colOff><xdr:row>15</xdr:row><xdr:rowOff>50000</xdr:rowOff></xdr:to>
<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Foto 1" descr="{alternative}"/><xdr:cNvPicPr/></xdr:nvPicPr>
<xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>
<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1400000" cy="600000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>
<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>""", "application/vnd.openxmlformats-officedocument.drawing+xml")
relate("xl/drawings/drawing71.xml", "rId1", OFFICE + "/image", "../media/foto.png")
relate(kansrijk_part, "rIdFoto", OFFICE + "/drawing", "/xl/drawings/drawing71.xml")
change(kansrijk_part, "<legacyDrawing", f'<drawing xmlns:r="{OFFICE}" r:id="rIdFoto"/><legacyDrawing')


# A chart of their own over filled figures, and a series over their own figures.
def cache(kind, values):
    format_code = "<c:formatCode>General</c:formatCode>" if kind == "num" else ""
    points = "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))
    return f'<c:{kind}Cache>{format_code}<c:ptCount val="{len(values)}"/>{points}</c:{kind}Cache>'


def series(number, name, categories, values, numbers):
    return f"""<c:ser><c:idx val="{number}"/><c:order val="{number}"/>
<c:tx><c:strRef><c:f>{name}</c:f>{cache("str", ["oude naam"])}</c:strRef></c:tx>
<c:cat><c:strRef><c:f>{categories}</c:f>{cache("str", ["a", "b", "c"])}</c:strRef></c:cat>
<c:val><c:numRef><c:f>{values}</c:f>{cache("num", numbers)}</c:numRef></c:val></c:ser>"""


title = escaped(text("grafiek"))
add("xl/charts/chart71.xml", HEAD + f"""<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:layout/>
<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/>
{series(0, "'Pijler Kansrijk'!$E$10", "'Pijler Kansrijk'!$B$12:$B$14", "'Pijler Kansrijk'!$E$12:$E$14", [1, 2, 3])}
{series(1, "'Mijn berekeningen'!$A$1", "'Mijn berekeningen'!$G$1:$G$3", "'Mijn berekeningen'!$D$1:$D$3", [2, 3, 4])}
<c:axId val="1"/><c:axId val="2"/></c:barChart>
<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx>
<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx>
</c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>""", "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")
add("xl/drawings/drawing72.xml", HEAD + f"""<xdr:wsDr {DRAWING}><xdr:twoCellAnchor>
<xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>19</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>
<xdr:to><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>34</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>
<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Grafiek 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>
<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>
<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>""", "application/vnd.openxmlformats-officedocument.drawing+xml")
relate("xl/drawings/drawing72.xml", "rId1", OFFICE + "/chart", "/xl/charts/chart71.xml")
relate(own_part, "rIdGrafiek", OFFICE + "/drawing", "/xl/drawings/drawing72.xml")
change(own_part, "</worksheet>", f'<drawing xmlns:r="{OFFICE}" r:id="rIdGrafiek"/></worksheet>')

# A conversation (threaded comments) of two people, on the answer of the closing question of a domein.
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
people = ["{10000000-0000-4000-8000-000000000001}", "{10000000-0000-4000-8000-000000000002}"]
threads = ["{20000000-0000-4000-8000-000000000001}", "{20000000-0000-4000-8000-000000000002}"]
add("xl/persons/person.xml", HEAD + f'<personList xmlns="{THREADS}"><person displayName="A. Fictief" id="{people[0]}" userId="a" providerId="None"/>'
    f'<person displayName="B. Fictief" id="{people[1]}" userId="b" providerId="None"/></personList>', "application/vnd.ms-excel.person+xml")
relate("xl/workbook.xml", "rIdPersoon", MICROSOFT + "/person", "/xl/persons/person.xml")
talk = [escaped(text(what)) for what in ("vraag van een collega", "antwoord")]
add("xl/threadedComments/threadedComment1.xml", HEAD + f'<ThreadedComments xmlns="{THREADS}">'
    f'<threadedComment ref="C57" dT="2026-11-20T09:00:00.00" personId="{people[0]}" id="{threads[0]}"><text>{talk[0]}</text></threadedComment>'
    f'<threadedComment ref="C57" dT="2026-11-20T09:05:00.00" personId="{people[1]}" id="{threads[1]}" parentId="{threads[0]}"><text>{talk[1]}</text></threadedComment>'
    "</ThreadedComments>", "application/vnd.ms-excel.threadedcomments+xml")
relate(kansrijk_part, "rIdGesprek", MICROSOFT + "/threadedComment", "/xl/threadedComments/threadedComment1.xml")

# Two pivot tables: one over figures that will change, one over figures of their own.
MAIN = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}"'
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
caches = []
for number, (area, place, label, figure, items, values) in enumerate([
    ("G1:H3", "A11:C13", "Fictief soort", "Fictief cijfer", ["een", "twee"], [12, 13]),
    ("J1:K2", "F11:G12", "Eigen soort", "Eigen getal", ["x"], [2]),
], 1):
    shared = "".join(f'<s v="{item}"/>' for item in items)
    definition = f"xl/pivotCache/pivotCacheDefinition{number}.xml"
    add(definition, HEAD + f'<pivotCacheDefinition {MAIN} r:id="rId1" refreshedBy="A. Fictief" refreshedDate="46000" createdVersion="6" refreshedVersion="6" '
        f'minRefreshableVersion="3" recordCount="{len(items)}"><cacheSource type="worksheet"><worksheetSource ref="{area}" sheet="Mijn berekeningen"/></cacheSource>'
        f'<cacheFields count="2"><cacheField name="{label}" numFmtId="0"><sharedItems count="{len(items)}">{shared}</sharedItems></cacheField>'
        f'<cacheField name="{figure}" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" minValue="{min(values)}" maxValue="{max(values)}"/></cacheField>'
        "</cacheFields></pivotCacheDefinition>", SHEETML + "pivotCacheDefinition+xml")
    records = "".join(f'<r><x v="{at}"/><n v="{value}"/></r>' for at, value in enumerate(values))
    add(f"xl/pivotCache/pivotCacheRecords{number}.xml", HEAD + f'<pivotCacheRecords {MAIN} count="{len(items)}">{records}</pivotCacheRecords>',
        SHEETML + "pivotCacheRecords+xml")
    relate(definition, "rId1", OFFICE + "/pivotCacheRecords", f"pivotCacheRecords{number}.xml")
    rows = "".join(f'<item x="{at}"/>' for at in range(len(items)))
    lines = "".join(f'<i><x v="{at}"/></i>' if at else "<i><x/></i>" for at in range(len(items)))
    table = f"xl/pivotTables/pivotTable{number}.xml"
    add(table, HEAD + f'<pivotTableDefinition {MAIN} name="Draaitabel {number}" cacheId="{number}" dataOnRows="0" applyNumberFormats="0" applyBorderFormats="0" '
        'applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="1" dataCaption="Waarden" updatedVersion="6" '
        f'minRefreshableVersion="3" rowGrandTotals="0" createdVersion="6" indent="0" outline="1" outlineData="1"><location ref="{place}" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        f'<pivotFields count="2"><pivotField axis="axisRow" showAll="0" defaultSubtotal="0"><items count="{len(items)}">{rows}</items></pivotField><pivotField dataField="1" showAll="0"/></pivotFields>'
        f'<rowFields count="1"><field x="0"/></rowFields><rowItems count="{len(items)}">{lines}</rowItems><colItems count="1"><i/></colItems>'
        '<dataFields count="1"><dataField name="Som" fld="1" baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>', SHEETML + "pivotTable+xml")
    relate(table, "rId1", OFFICE + "/pivotCacheDefinition", f"/{definition}")
    relate(own_part, f"rIdDraai{number}", OFFICE + "/pivotTable", f"/{table}")
    relate("xl/workbook.xml", f"rIdDraai{number}", OFFICE + "/pivotCacheDefinition", f"/{definition}")
    caches.append(f'<pivotCache xmlns:r="{OFFICE}" cacheId="{number}" r:id="rIdDraai{number}"/>')
pivots = f'<pivotCaches>{"".join(caches)}</pivotCaches>'
workbook = read("xl/workbook.xml")
place = re.search(r"<calcPr[^>]*/>", workbook)
assert place, "openpyxl writes calcPr"
write("xl/workbook.xml", workbook[: place.end()] + pivots + workbook[place.end():])

# Macros, as somebody else's workbook has them.
with zipfile.ZipFile(macros) as archive:
    add("xl/vbaProject.bin", archive.read("xl/vbaProject.bin"), "application/vnd.ms-office.vbaProject")
relate("xl/workbook.xml", "rIdMacro", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "/xl/vbaProject.bin")
change("[Content_Types].xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
       "application/vnd.ms-excel.sheet.macroEnabled.main+xml")

with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in parts.items():
        archive.writestr(name, content)
with open(listing, "w", encoding="utf-8") as file:
    json.dump({"texts": texts, "parts": added}, file, ensure_ascii=False)
