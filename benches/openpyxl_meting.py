"""Sets fifty cells on the three pijler tabs with openpyxl; prints seconds and peak memory (kB)."""

import resource
import sys
import time

try:
    import openpyxl
except ImportError:
    sys.exit(3)

start = time.perf_counter()
book = openpyxl.load_workbook(sys.argv[1])
tabs = [tab for tab in book.worksheets if tab.title.startswith("Pijler ")][:3]
for tab, count in zip(tabs, (17, 17, 16)):
    free = [row for row in range(1, tab.max_row + 1) if type(tab.cell(row, 5)).__name__ == "Cell" and tab.cell(row, 5).value is None]
    for row in free[:count]:
        tab.cell(row, 5).value = row / 8
book.save(sys.argv[2])
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
