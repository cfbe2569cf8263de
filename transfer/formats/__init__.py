"""The files that people open: CSV, xlsx and JSONL, each written as a stream of bytes."""

FORMATS = ("csv", "xlsx", "jsonl")
