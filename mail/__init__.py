"""Mail to a shop's notification address: what it says, its outbox and how it is sent."""
