"""Why jobs fail, in the words of the client of Shopify, for the catalogues: it knows no languages.

A job keeps the English sentence, which is what programs are answered; pages and mail look it up.
"""

from translations import N_

SENTENCES = (
    N_("Shopify does not know this store any more."),
    N_("The store's plan is unpaid, so Shopify does not answer for it."),
    N_(
        "Shopify refused this server: its address is not on the app's allow list, or the store "
        "may not use the app."
    ),
    N_("Shopify has locked this store."),
    N_("Shopify no longer accepts the app's token. Open the app once."),
    N_("Shopify is busy or does not answer. Try again in a few minutes."),
    N_("Shopify's answer did not arrive."),
    N_("Shopify's storage does not answer."),
    N_("Shopify no longer knows this export. Start a new one."),
    N_("Shopify's result file could not be read to its end."),
    N_("Shopify no longer keeps this result. Start a new export."),
)
