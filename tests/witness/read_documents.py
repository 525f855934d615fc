"""Reads the Word documents with python-docx: headings in their order, every text to the letter, tables, properties.

Usage: read_documents.py KIND DOCUMENT.docx WIJK [TEXTS.json]

KIND is rapport, plan or gesprekskaart. Prints every fault; exit code 1 when there is one.
"""

import json
import sys

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

PIJLERS = {
    "Kansrijk": ["Werk", "Schoolprestaties", "Meedoen aan sport, cultuur en vrijwilligerswerk"],
    "Veilig": ["Criminaliteit", "Veilig thuis", "Veilige wijk en schoolomgeving"],
    "Gezond": ["Sociaal-emotionele gezondheid", "Gezond gedrag", "Algemene gezondheid"],
}
HEADINGS = {
    "rapport": [
        (1, "Stap 1 Staat van de Jeugd & Ambities"),
        (2, "1.1.1 Kwantitatieve analyse (cijfers en factoren)"),
        (3, "Algemene informatie over de wijk"),
        (3, "Staat van de Jeugd"),
        *[
            heading
            for pijler, domeinen in PIJLERS.items()
            for heading in [(4, f"Pijler {pijler}"), *[(5, f"Domein {domein}") for domein in domeinen]]
        ],
        (3, "Cijfers duiden en interpreteren"),
        (2, "1.1.2 Kwalitatieve analyse (gesprek met partners in de wijk)"),
        (2, "1.1.3 Ambities"),
        (3, "Kansrijk opgroeien"),
        (3, "Groei van veiligheid"),
        (3, "Groei van gezondheid"),
        (1, "Stap 2 Maatschappelijk resultaat"),
        (1, "Stap 3 Activiteiten"),
        (1, "Bijlage"),
    ],
    "plan": [
        (1, "Stap 3 Activiteiten"),
        (1, "Stap 4 Kwaliteit input"),
        (1, "Stap 5 Outcome"),
        (1, "Stap 6 Verbeteracties in verbetercyclus"),
    ],
    "gesprekskaart": [],
}
kind, path, wijk = sys.argv[1:4]
document = docx.Document(path)
body = document.element.body
faults = []

paragraphs = [Paragraph(element, document) for element in body.iter(qn("w:p"))]
headings = [
    (int(p.style.name.split()[1]), p.text) for p in paragraphs if p.style.name.startswith("Heading ") and p.text
]
found = iter(headings)
for heading in HEADINGS[kind]:
    if heading not in found:
        faults.append(f"heading {heading} is missing or out of order")
        found = iter(headings)
levels = [level for level, _ in headings]
for before, after in zip([0, *levels], levels):
    if after > before + 1:
        faults.append(f"a heading of level {after} follows one of level {before}")
if kind != "gesprekskaart" and not headings:
    faults.append("no headings")

# A table of contents that shows entries without pressing a key.
if kind == "rapport":
    fields = [e.text or "" for e in body.iter(qn("w:instrText"))]
    if not any("TOC" in field for field in fields):
        faults.append("no table of contents")
    listed = [p.text for p in paragraphs if p.style.name.lower().startswith("toc ")]
    for heading in ("Stap 2 Maatschappelijk resultaat", "Bijlage"):
        if not any(heading in entry for entry in listed):
            faults.append(f"the table of contents does not show '{heading}'")

# Text as a reader sees it; a line break within a text is a space here.
everything = "\n".join(p.text for p in paragraphs)
if wijk not in everything:
    faults.append(f"{wijk} is not named")
if len(sys.argv) > 4:
    wanted = json.load(open(sys.argv[4], encoding="utf-8"))["plan" if kind == "plan" else "report"]
    for text in wanted:
        if text not in everything:
            faults.append(f"this text is missing: {text}")

tables = [Table(element, document) for element in body.iter(qn("w:tbl"))]
for table in tables:
    first = table.rows[0]
    # Tables with their headings in the first column name what stands beside it: no row to repeat.
    sideways = len(first.cells) == 2 and not first.cells[1].text.strip() or first.cells[0].text == "Naam gebiedsadviseur"
    repeated = first._tr.find(qn("w:trPr")) is not None and first._tr.trPr.find(qn("w:tblHeader")) is not None
    if kind == "rapport" and not repeated and len(first.cells) > 2 and not sideways:
        faults.append(f"the header row is not repeated: {[cell.text for cell in first.cells]}")
if kind != "gesprekskaart" and not tables:
    faults.append("no tables")

# No empty paragraphs as spacing: an empty one may stand only where Word demands one (the end of a cell, between tables)
# or where a section ends.
empty = 0
for element in body.iterchildren():
    if element.tag == qn("w:p") and not "".join(element.itertext()).strip():
        holds = {child.tag.split("}")[1] for child in element.iter()}
        if not holds & {"sectPr", "drawing", "br", "fldChar", "sdt"}:
            neighbours = [n for n in (element.getprevious(), element.getnext()) if n is not None]
            if not any(n.tag == qn("w:tbl") or n.tag == qn("w:sdt") for n in neighbours):
                empty += 1
if empty:
    faults.append(f"{empty} empty paragraphs as spacing")

properties = document.core_properties
if wijk not in (properties.title or "") or not properties.author:
    faults.append(f"properties: title {properties.title!r}, author {properties.author!r}")
languages = {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))}
if languages != {"nl-NL"}:
    faults.append(f"language {languages}")
footers = "".join("".join(s.footer._element.itertext()) for s in document.sections)
codes = "".join(e.text or e.get(qn("w:instr")) or "" for s in document.sections for e in s.footer._element.iter(
    qn("w:instrText"), qn("w:fldSimple")))
if kind != "gesprekskaart" and "PAGE" not in codes:
    faults.append(f"no page number in the footer: {footers!r}")
tags = [e.get(qn("w:val")) for e in body.iter(qn("w:tag"))]
if not tags or len(tags) != len(set(tags)):
    double = sorted({tag for tag in tags if tags.count(tag) > 1})
    faults.append(f"content controls: {len(tags)} tags, double: {double}")

print("\n".join(faults))
sys.exit(1 if faults else 0)
