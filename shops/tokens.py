"""Refreshes the tokens of idle shops before they run out."""

import logging
import random
from datetime import timedelta

from models import now
from models.shop import Shop
from shopify.admin import ShopifyRefused, ShopifyUnavailable
from shops.access import fresh_token

IDLE = timedelta(days=7)
MOST_SILENT = 10

log = logging.getLogger(__name__)


def refresh_idle() -> None:
    """Refresh the tokens of shops that nobody used for a week, so that they never run out.

    A refresh token lasts 90 days. When Shopify answers for MOST_SILENT shops not at all the rest
    waits for the next hour; the order is drawn by lot, so that no shop is always behind such.
    """
    idle, silent = Shop.with_tokens(unused_since=now() - IDLE), 0
    for shop_id in random.sample(idle, len(idle)):
        try:
            fresh_token(shop_id)
        except ShopifyRefused as error:
            log.warning("Shop %s: %s", shop_id, error)
        except ShopifyUnavailable as error:
            log.warning("Shop %s: its tokens are not refreshed: %s", shop_id, error)
            silent += 1
            if silent == MOST_SILENT:
                return
