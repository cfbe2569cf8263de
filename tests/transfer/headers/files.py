HEADERS = {
    "Files": [
        *("ID", "File Name", "Command", "Link", "Alt Text", "Created At", "Type", "Mime Type"),
        *("Width", "Height", "Duration", "Status", "Errors", "Size Bytes", "Size MB", "Size"),
    ]
}
