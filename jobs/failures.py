"""Why jobs fail: the messages of ``shopify/``, which knows no languages, marked for translation.

A job stores the English message, which the API returns; pages and mail translate it.
"""

from translations import N_

SENTENCES = (
    N_("Shopify no longer knows this store."),
    N_("The store's Shopify plan is unpaid, so its data is not available."),
    N_(
        "Shopify refused this server: its address is not on the app's allow list, or the store "
        "may not use the app."
    ),
    N_("Shopify has locked this store."),
    N_("Shopify no longer accepts the app's token. Open the app once."),
    N_("Shopify is busy or not responding. Try again in a few minutes."),
    N_("Shopify's response did not arrive."),
    N_("Shopify's file storage is not responding."),
    N_("Shopify no longer knows this export. Start a new one."),
    N_("Shopify's result file could not be read completely."),
    N_("Shopify no longer has this result. Start a new export."),
)
