"""Uploads to Shopify's file storage and downloads from it. Only addresses pass through here: the
bytes go straight between Shopify and the user's machine."""
