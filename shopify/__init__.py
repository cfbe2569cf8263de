"""Shopify's protocols as plain functions and one client. Knows no Flask and no database."""
