//! Number formats and differential formats of a workbook.
