"""Makes the seeds of the fuzz targets; called by seed.sh."""

import hashlib
import pathlib
import re
import sys
import zipfile

MARK = b"\xffdeel\xff"
REPOSITORY = pathlib.Path("..")
data = pathlib.Path(sys.argv[1])


def keep(target, content, limit):
    if len(content) <= limit:
        folder = pathlib.Path("corpus") / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(content).hexdigest()).write_bytes(content)


def sections(path):
    """The package as sections; without the parts that no reader looks at."""
    useless = re.compile(r"theme|media/|printerSettings|docProps/(app|core|thumb)|drawing|\.bin$|\.vml$|/$")
    with zipfile.ZipFile(path) as archive:
        names = dict.fromkeys(archive.namelist())
        return b"".join(MARK + n.encode() + b"\n" + archive.read(n) for n in names if not useless.search(n))


files = sorted((data / "corpus/xlsx").iterdir()) + sorted((data / "corpus/other").iterdir())
files += sorted((REPOSITORY / "fixtures/werkboeken").iterdir())
for path in files:
    kind = {".xlsx": 1, ".xlsm": 1, ".xlsb": 1, ".xls": 2, ".ods": 3}.get(path.suffix)
    if kind is None:
        continue
    raw = path.read_bytes()
    try:
        text = sections(path)
    except Exception:  # encrypted, damaged, no zip: only the bytes themselves are a seed
        text = None
    for content in filter(None, [raw if len(raw) < 40_000 else None, text]):
        keep("overview_read", bytes([kind]) + content, 160_000)
        keep("analysis_read", bytes([kind if kind > 1 else 0]) + content, 160_000)
    if text and kind == 1:
        for edits in [(0, 0, 1, 1, 1, 4), (0, 1, 4, 1, 0, 0, 3, 2, 9, 40, 2, 6, 2, 1, 5)]:
            keep("cell_patch", bytes([len(edits) // 3, *edits]) + text, 60_000)

for first in range(0, 16, 4):
    keep("overview_read", bytes([first]) + (REPOSITORY / "fixtures/overzicht-rotterdam.csv").read_bytes()[:30_000], 60_000)
for path in sorted((REPOSITORY / "templates/bronnen").glob("*.toml")):
    keep("mapping", path.read_bytes(), 64_000)
keep("mapping", (REPOSITORY / "templates/gebieden.csv").read_bytes()[:8_000], 64_000)
for path in sorted(REPOSITORY.glob("templates/*.[ct][so][vm]*")):
    for number in range(20):
        if number % 3 == 0 or path.stat().st_size < 3_000:
            keep("format_files", bytes([number]) + path.read_bytes()[:6_000], 64_000)

# The targets of whole stations make their own workbook and document; the seeds are where they are filled and damaged.
for number in range(40):
    code = hashlib.sha256(str(number).encode()).digest()
    damage = b"".join(bytes([code[at], code[at + 1], number * 7 % 256, code[at + 2]]) for at in range(0, 4 * (number % 4), 4))
    cells = b"".join(bytes([number + at, code[at] % 60, code[at + 8] % 10]) for at in range(number % 12))
    keep("migrate", bytes([number % 12]) + cells + (bytes([number]) + damage if damage else b""), 512)
    keep("renew", damage or b"\x80\x00\x08\x01", 256)
    keep("house_style", bytes([number]) + damage, 256)
