HEADERS = {
    "Menus": [
        *("ID", "Handle", "Command", "Title", "Is Default", "Top Row", "Row #"),
        *("Menu Item: ID", "Menu Item: Title", "Menu Item: Command"),
        *("Menu Item: Resource Type", "Menu Item: Resource ID", "Menu Item: Resource Handle"),
        *("Menu Item: Collection Tags", "Menu Item: URL", "Menu Item: Parent ID"),
        *("Menu Item: Parent Title", "Menu Item: Position"),
    ]
}
