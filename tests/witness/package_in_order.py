"""What no validator sees: is every package in order? Shares no code with the product.

Usage: package_in_order.py FOLDER, which holds pairs `name.xlsx` and `name.xlsx.json`; the json has "original", the path of
the unedited file. Ends with 1 and everything that is wrong in a result and was not wrong in its original: a cell in
calcChain without a formula, a relationship to a part that is not there, an identifier used twice, a content type for a
part that is not there, a part without content type, a tab without a part.
"""

import json
import pathlib
import posixpath
import sys
import zipfile
from urllib.parse import unquote

from lxml import etree


def key(name):
    return unquote(name.replace("\\", "/")).lstrip("/").lower()


def local(element):
    return etree.QName(element).localname


def column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def formulas(sheet):
    """Addresses of the cells of a worksheet that hold a formula, as (row, column)."""
    found, row, col = set(), 0, 0
    for event, element in etree.iterparse(sheet, events=("start", "end"), huge_tree=True):
        name = local(element)
        if event == "start" and name == "row":
            row, col = int(element.get("r", row + 1)), 0
        elif event == "start" and name == "c":
            address = element.get("r")
            col = column(address.rstrip("0123456789")) if address else col + 1
        elif event == "start" and name == "f":
            found.add((row, col))
        elif event == "end" and name == "row":
            element.clear()
    return found


def wrong(path):
    found = set()
    package = zipfile.ZipFile(path)
    parts = {key(name): name for name in package.namelist() if not name.endswith(("/", "\\"))}
    if len(parts) != sum(not name.endswith(("/", "\\")) for name in package.namelist()):
        found.add("two parts have one name")
    root = etree.fromstring(package.read(parts["[content_types].xml"]))
    defaults = {e.get("Extension").lower() for e in root if local(e) == "Default"}
    overrides = {key(e.get("PartName")) for e in root if local(e) == "Override"}
    found |= {f"content type of {name}, which is not there" for name in overrides - set(parts)}
    for name in set(parts) - overrides - {"[content_types].xml"}:
        if name.rsplit(".", 1)[-1] not in defaults:
            found.add(f"{name} has no content type")
    related = {}
    for name in parts:
        folder, file = posixpath.split(name)
        if not file.endswith(".rels"):
            continue
        base = posixpath.dirname(folder)
        source = posixpath.join(base, file[: -len(".rels")])
        ids = {}
        for element in etree.fromstring(package.read(parts[name])):
            if not isinstance(element.tag, str):
                continue
            if element.get("Id") in ids:
                found.add(f"{name}: {element.get('Id')} twice")
            target = element.get("Target", "").split("#")[0]
            full = key(target) if target.startswith(("/", "\\")) else key(posixpath.normpath(posixpath.join(base, target.replace("\\", "/"))))
            ids[element.get("Id")] = (element.get("Type").rsplit("/", 1)[-1], full)
            if element.get("TargetMode") != "External" and target and full not in parts:
                found.add(f"{name}: {target} is not there")
        related[source] = ids
    book = next(target for kind, target in related[""].values() if kind == "officeDocument")
    sheets = {}
    for element in etree.fromstring(package.read(parts[book])).iter("{*}sheet"):
        number = next(value for name, value in element.attrib.items() if etree.QName(name).localname == "id")
        kind, target = related[book].get(number, ("", ""))
        if target not in parts:
            found.add(f"tab {element.get('name')} has no part")
        elif kind == "worksheet":
            sheets[element.get("sheetId")] = target
    chain = next((target for kind, target in related[book].values() if kind == "calcChain"), None)
    if chain in parts:
        listed, sheet = {}, None
        for element in etree.fromstring(package.read(parts[chain])).iter("{*}c"):
            sheet = element.get("i", sheet)
            listed.setdefault(sheet, set()).add(element.get("r"))
        if not listed:
            found.add("calcChain is empty")
        for sheet, addresses in listed.items():
            if sheet not in sheets:
                found.add(f"calcChain names sheet {sheet}")
                continue
            have = formulas(package.open(parts[sheets[sheet]]))
            for address in addresses:
                letters = address.rstrip("0123456789")
                if (int(address[len(letters):]), column(letters)) not in have:
                    found.add(f"calcChain names {address} of sheet {sheet}, which holds no formula")
    return found


def main(folder):
    bad = 0
    listings = sorted(pathlib.Path(folder).glob("*.json"))
    for listing in listings:
        path = listing.with_suffix("")
        original = json.loads(listing.read_text(encoding="utf-8"))["original"]
        new = wrong(path)
        new = new - wrong(original) if new else new
        for text in sorted(new):
            print(f"{path.name}: {text}")
        bad += len(new)
    print(f"{len(listings)} packages looked at, {bad} faults")
    return 1 if bad or not listings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
