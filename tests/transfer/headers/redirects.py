HEADERS = {"Redirects": ["ID", "Path", "Command", "Target"]}
