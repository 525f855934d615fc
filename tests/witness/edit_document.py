"""Works in a document as another editor does (python-docx): a paragraph between blocks, words in a block.

Usage: edit_document.py edit IN.docx OUT.docx   or   edit_document.py check OUT.docx

`check` prints what is missing of that work; exit code 1 when something is.
"""

import sys

import docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

PARAGRAPH = "Slotzin van een partner: wij zien dit ook. 😀"
WORDS = " (besproken in mei)"
BLOCK = "Opvallende cijfers in het domein Werk"


def paragraphs(document):
    return [Paragraph(element, document) for element in document.element.body.iter(qn("w:p"))]


if sys.argv[1] == "edit":
    document = docx.Document(sys.argv[2])
    next(p for p in paragraphs(document) if p.text == BLOCK).add_run(WORDS).bold = True
    document.add_paragraph(PARAGRAPH)
    document.save(sys.argv[3])
    sys.exit(0)

document = docx.Document(sys.argv[2])
texts = [p.text for p in paragraphs(document)]
faults = [wanted for wanted in (BLOCK + WORDS, PARAGRAPH) if texts.count(wanted) != 1]
print("\n".join(f"{wanted!r}: {texts.count(wanted)} times" for wanted in faults))
sys.exit(1 if faults else 0)
