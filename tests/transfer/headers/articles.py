HEADERS = {
    "Blog Posts": [
        *("ID", "Handle", "Command", "Title", "Author", "Body HTML", "Summary HTML", "Tags"),
        *("Tags Command", "Created At", "Updated At", "Published", "Published At"),
        *("Template Suffix", "Image Src", "Image Width", "Image Height", "Image Alt Text"),
        *("Blog: ID", "Blog: Handle", "Blog: Title", "Blog: Commentable"),
        *("Blog: Feedburner URL", "Blog: Feedburner Path", "Blog: Template Suffix"),
        *("Blog: Created At", "Blog: Updated At", "Row #", "Top Row"),
        *("Comment: ID", "Comment: Author", "Comment: Body", "Comment: Body HTML"),
        *("Comment: Email", "Comment: Status", "Comment: IP", "Comment: Browser"),
        *("Comment: Created At", "Comment: Updated At", "Comment: Published At"),
        *("Comment: Command", "Metafield: title_tag [string]"),
        *(
            "Metafield: description_tag [string]",
            "Metafield: <definition>",
            "Metafield: <undefined>",
        ),
    ]
}
