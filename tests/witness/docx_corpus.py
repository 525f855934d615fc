"""Word documents of others as house style, as template and as document to renew.

Usage: docx_corpus.py WIJK OOXML_VALIDATOR WORKBOOK NEW_WORKBOOK FOLDER FILE...

WIJK is the program, WORKBOOK a filled workbook and NEW_WORKBOOK the same with other figures; results go to FOLDER. As
a template a file gets three content controls at its end. Ends with 1 and a list when the program breaks down, a part
is lost, python-docx no longer opens what it opened, a second renewal changes something, or a validator finds more errors than
in the original.
"""

import json
import pathlib
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import docx
from openxml_audit import OpenXmlValidator, ValidationSeverity

WIJK, TOOL, OLD, NEW = sys.argv[1:5]
FOLDER = pathlib.Path(sys.argv[5])
# openxml-audit takes minutes over a large part; such documents are left to the other validator.
LARGEST = 200_000


def parts(path):
    with zipfile.ZipFile(path) as package:
        return {item.filename: package.read(item) for item in package.infolist() if not item.is_dir()}


def with_controls(source, target):
    """A copy with content controls before its last section; False when it cannot be read so simply."""
    try:
        all_parts = parts(source)
        rels = next(v for k, v in all_parts.items() if k.replace("\\", "/").lower() == "_rels/.rels").decode()
        main = re.search(r'<[^>]*/officeDocument"[^>]*>', rels)[0]
        name = re.search(r'Target="/?([^"]*)"', main)[1]
        text = all_parts[name].decode("utf-8")
        prefix = re.search(r"</((?:\w+:)?)body>", text)[1]
    except (zipfile.BadZipFile, zipfile.error, StopIteration, TypeError, KeyError, UnicodeDecodeError, OSError):
        return False
    end = text.rindex(f"</{prefix}body>")
    section = text.rfind(f"<{prefix}sectPr", 0, end)
    rest = text[section:end]
    if section > 0 and re.fullmatch(rf"(?s)<{prefix}sectPr\b(?:[^>]*/>|.*</{prefix}sectPr>)\s*", rest):
        end = section
    run = f"<{prefix}r><{prefix}t>hier</{prefix}t></{prefix}r>"

    def control(tag, inner):
        return (f'<{prefix}sdt><{prefix}sdtPr><{prefix}tag {prefix}val="{tag}"/></{prefix}sdtPr>'
                f"<{prefix}sdtContent>{inner}</{prefix}sdtContent></{prefix}sdt>")

    def paragraph(inner):
        return f"<{prefix}p>{inner}</{prefix}p>"

    new = (paragraph(run + control("wijk:wijk", run)) + control("wijk:tabel:kansrijk", paragraph(run))
           + paragraph(control("wijk:matrix", run)) + paragraph(run))
    all_parts[name] = (text[:end] + new + text[end:]).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in all_parts.items():
            package.writestr(part, content)
    return True


def plain(*texts):
    return re.sub(r"\[\d+\]", "", " ".join(str(text) for text in texts))


def sdk(path):
    found = json.loads(subprocess.run([TOOL, str(path)], capture_output=True, text=True).stdout)
    found = found["errors"] if isinstance(found, dict) else found
    return [plain(e.get("path"), e.get("xPath"), e["description"]) for e in found]


def audit(path):
    if max((len(v) for k, v in parts(path).items() if k.endswith(".xml")), default=0) > LARGEST:
        return None
    found = OpenXmlValidator().validate(str(path)).errors
    return [plain(e.part_uri, e.path, e.description) for e in found if e.severity == ValidationSeverity.ERROR]


def opens(path):
    try:
        docx.Document(str(path))
        return True
    except Exception:  # python-docx ends in many ways
        return False


def worse(before, after):
    """What is wrong with a result beside what it was made from."""
    lost = parts(before).keys() - parts(after).keys()
    wrong = [f"{part} is gone" for part in sorted(lost)]
    if opens(before) and not opens(after):
        wrong.append("python-docx no longer opens it")
    for name, validator in (("ooxml-validator", sdk), ("openxml-audit", audit)):
        now, was = validator(after), validator(before)
        if now and was is None:
            # What was too large to look at before is judged by the parts that changed.
            old, new = parts(before), parts(after)
            was = [e for e in now if old.get(part := e.split(" ")[0].lstrip("/")) == new.get(part)]
        if now and len(now) > len(was):
            wrong.append(f"{name}: {len(was)} errors became {len(now)}, such as {[e for e in now if e not in was][:2]}")
    return wrong


def run(said, what, before, after, *arguments):
    """Runs the program; True when it made something."""
    after.unlink(missing_ok=True)
    done = subprocess.run([WIJK, *map(str, arguments), "-o", str(after), "--datum", "2026-11-22"],
                          capture_output=True, text=True)
    if done.returncode == 2 and "niet gelukt: " in done.stderr and "panicked" not in done.stderr and not after.exists():
        REFUSED.append(f"{before.name}: {what}: {done.stderr.strip()}")
        return False
    if done.returncode not in (0, 1) or not after.exists():
        said.append(f"{what}: ended with {done.returncode}: {done.stderr[-400:]}")
        return False
    said += [f"{what}: {wrong}" for wrong in worse(before, after)]
    return True


def one(path):
    here = FOLDER / path.stem
    here.mkdir(exist_ok=True)
    said = []
    house = here / "h.docx"
    if run(said, "house style", path, house, "plan", OLD, "--huisstijl", path):
        run(said, "house style, renewed", house, here / "hn.docx", "plan", NEW, "--bijwerken", house)
    template, made, again = here / f"s{path.suffix}", here / "m.docx", here / "n.docx"
    if with_controls(path, template) and run(said, "template", template, made, "rapport", OLD, "--sjabloon", template):
        if run(said, "template, renewed", made, again, "rapport", NEW, "--bijwerken", made):
            twice = here / "n2.docx"
            run(said, "template, renewed twice", again, twice, "rapport", NEW, "--bijwerken", again)
            if twice.exists() and twice.read_bytes() != again.read_bytes():
                said.append("template, renewed twice: not the same")
    return [f"{path.name}: {line}" for line in said]


REFUSED = []
with ThreadPoolExecutor(2) as pool:
    wrong = [line for lines in pool.map(one, map(pathlib.Path, sys.argv[6:])) for line in lines]
print("\n".join([*wrong, *REFUSED, f"{len(sys.argv) - 6} files, {len(REFUSED)} refusals, {len(wrong)} wrong"]))
sys.exit(1 if wrong else 0)
