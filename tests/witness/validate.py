"""Validates every xlsx and docx below a folder with two independent validators.

Usage: validate.py OOXML_VALIDATOR FOLDER
Exit code 1 and a list when one finds an error.
"""
import json
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

tool, folder = sys.argv[1], pathlib.Path(sys.argv[2])
files = sorted(p for p in folder.rglob("*") if p.suffix in {".xlsx", ".docx", ".xlsm"} and not p.name.startswith("~"))
if not files:
    sys.exit(f"no xlsx or docx below {folder}")


def validated(path):
    """What the two say about one file: a list of remarks, empty when it is clean."""
    run = subprocess.run([tool, str(path)], capture_output=True, text=True)
    text = run.stdout.strip()
    try:
        found = json.loads(text) if text else []
    except json.JSONDecodeError:
        return [f"{path.name}: the validator said {text[:500]} {run.stderr[:500]}"]
    errors = found.get("errors", found.get("Errors", [])) if isinstance(found, dict) else found
    said = [f"{path.name}: ooxml-validator: {json.dumps(error)[:400]}" for error in errors]
    audit = subprocess.run([sys.executable, "-m", "openxml_audit", str(path)], capture_output=True, text=True)
    if audit.returncode != 0:
        said.append(f"{path.name}: openxml-audit: {audit.stdout[-2000:]}{audit.stderr[-500:]}")
    return said


bad = 0
with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
    for path, said in zip(files, pool.map(validated, files)):
        bad += len(said)
        print("\n".join([*said, f"{path.name}: {'ERRORS' if said else 'clean'}"]))
sys.exit(1 if bad else 0)
