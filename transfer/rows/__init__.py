"""Objects to rows: the columns of a sheet, their headers, and how many rows there will be."""
