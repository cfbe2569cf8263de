"""Reading a store: queries, pages, external sort, objects, references, filters and shop facts."""
