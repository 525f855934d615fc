"""Validates edited workbooks and, where a validator finds something, their originals: no error may be new.

Usage: validate_pairs.py OOXML_VALIDATOR FOLDER, where FOLDER holds pairs `name.xlsx` and `name.xlsx.json`; the json has
"original", the path of the unedited file. Ends with 1 and the new errors. An error is the same when validator, part,
element and description are; the number of an element among its siblings does not count, since a row may be inserted.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

from openxml_audit import OpenXmlValidator, ValidationSeverity

TOOL, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
# openxml-audit takes minutes over a part of some hundreds of kilobytes; such workbooks are left to the other validator.
LARGEST = 200_000


def plain(*texts):
    return re.sub(r"\[\d+\]|\b[A-Z]{1,3}\d+\b|\d+ inline", "", " ".join(str(text) for text in texts))


def sdk(path):
    run = subprocess.run([TOOL, str(path)], capture_output=True, text=True)
    found = json.loads(run.stdout)
    found = found["errors"] if isinstance(found, dict) else found
    return collections.Counter(plain(e.get("path"), e.get("xPath"), e["description"]) for e in found)


def audit(path):
    if max(item.file_size for item in zipfile.ZipFile(path).infolist() if item.filename.endswith("ml")) > LARGEST:
        return None
    found = OpenXmlValidator().validate(str(path)).errors
    found = [error for error in found if error.severity == ValidationSeverity.ERROR]
    return collections.Counter(plain(error.part_uri, error.path, error.description) for error in found)


def pair(listing):
    """What is new in a result: texts; and which validators had their say."""
    path = listing.with_suffix("")
    original = json.loads(listing.read_text(encoding="utf-8"))["original"]
    new, said = [], []
    for name, validator in (("ooxml-validator", sdk), ("openxml-audit", audit)):
        if name == "ooxml-validator" and not FULL and not chosen(pathlib.Path(original)):
            continue
        after = validator(path)
        if after is None:
            continue
        said.append(name)
        if after:
            new += [f"{pathlib.Path(original).name}: {name}: {error}" for error in after - validator(original)]
    return new, said


def chosen(path):
    """Of a series of files that differ in their number (checkbox01, checkbox02 ...) one, and of the series every third,
    goes to the slow validator; with --all every file does."""
    series = re.sub(r"\d+$", "", path.stem)
    first, number = SERIES.setdefault(series, (path.stem, len(SERIES)))
    return path.stem == first and number % 3 == 0


SERIES = {}
FULL = "--all" in sys.argv
listings = sorted(FOLDER.glob("*.json"))
for listing in listings:
    chosen(pathlib.Path(json.loads(listing.read_text(encoding="utf-8"))["original"]))
with ThreadPoolExecutor(2) as pool:
    results = list(pool.map(pair, listings))
for new, _ in results:
    print("\n".join(new), end="\n" if new else "")
counts = collections.Counter(name for _, said in results for name in said)
print(f"{len(listings)} results: {dict(counts)}, {sum(len(new) for new, _ in results)} new errors")
few = counts["ooxml-validator"] < 20 or counts["openxml-audit"] < 100
sys.exit(1 if few or any(new for new, _ in results) else 0)
