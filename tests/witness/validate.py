"""Validates every xlsx and docx below a folder with two independent validators.

Usage: validate.py OOXML_VALIDATOR FOLDER
Exit code 1 and a list when one finds an error.
"""
import json
import pathlib
import subprocess
import sys

tool, folder = sys.argv[1], pathlib.Path(sys.argv[2])
files = sorted(p for p in folder.rglob("*") if p.suffix in {".xlsx", ".docx", ".xlsm"} and not p.name.startswith("~"))
if not files:
    sys.exit(f"no xlsx or docx below {folder}")
bad = 0
for path in files:
    run = subprocess.run([tool, str(path)], capture_output=True, text=True)
    text = run.stdout.strip()
    try:
        found = json.loads(text) if text else []
    except json.JSONDecodeError:
        sys.exit(f"{path.name}: the validator said {text[:500]} {run.stderr[:500]}")
    errors = found.get("errors", found.get("Errors", [])) if isinstance(found, dict) else found
    audit = subprocess.run([sys.executable, "-m", "openxml_audit", str(path)], capture_output=True, text=True)
    for error in errors:
        print(f"{path.name}: ooxml-validator: {json.dumps(error)[:400]}")
    if audit.returncode != 0:
        print(f"{path.name}: openxml-audit: {audit.stdout[-2000:]}{audit.stderr[-500:]}")
    bad += len(errors) + (audit.returncode != 0)
    print(f"{path.name}: {'clean' if not errors and audit.returncode == 0 else 'ERRORS'}")
sys.exit(1 if bad else 0)
