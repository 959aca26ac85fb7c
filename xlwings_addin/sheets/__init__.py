"""What the month-end workbook is: one module a sheet, each a declaration and no drawing."""
