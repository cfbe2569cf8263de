HEADERS = {
    "Activity": [
        *("ID", "Message", "Created At", "Subject Type", "Subject ID", "Verb", "Author"),
        *("Arguments", "Body", "Path"),
    ]
}
