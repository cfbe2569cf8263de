"""What of the store's data is personal: about a customer, or whoever deals with the store.

Personal is what Shopify's schema marks as protected customer data, and on the safe side what may
hold it: notes, free text, addresses, metafields of people and their sales, names of files.

It is told by dotted paths of Shopify's JSON: a path is what the longest of its endings is that is
declared, by the data type itself (``DataType.personal``) or here. ``"articles.author.name"`` is the
author of an article, ``"comments.author.name"`` a visitor. A path of which a part is personal is so
as a whole. What nobody has declared is personal, so a new field is not shown by oversight. A column
is what its path is; one whose cell comes from several fields is declared by its header, behind
an ``=``.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "public", "email", "phone", "first", "last", "name", "company", "street", "city", "zip",
    "code", "ip", "file", "person", "own", "text",
]  # fmt: skip
"""What a value is, which decides what stands in its place. A ``person`` is an ID that leads to one;
``own`` is that of the object itself, without which its row is nothing; ``text`` is left empty."""
Declared: TypeAlias = Mapping[str, Kind]
PUBLIC: Kind = "public"
TEXT: Kind = "text"


def all_of(kind: Kind, names: str) -> dict[str, Kind]:
    """These names, all of one kind."""
    return dict.fromkeys(names.split(), kind)


def columns(kind: Kind, headers: str) -> dict[str, Kind]:
    """The columns with these headers, which stand between semicolons."""
    return {f"={' '.join(header.split())}": kind for header in headers.split(";")}


COMMANDS = columns(
    PUBLIC,
    """Command; Tags Command; Variant Command; Image Command; Line: Command; Code Command;
    Product: Command; Location: Command; Location: Catalogs Command; Menu Item: Command;
    Store Credit Transaction: Command; Send Receipt; Refund: Send Receipt;
    Fulfillment: Send Receipt; Cancel: Send Receipt; Store Credit: Send Receipt;
    Store Credit Transaction: Send Receipt""",
)
"""Columns that say what is to be done."""
SHARED: Declared = {
    **COMMANDS,
    **all_of("email", "email contactEmail"),
    **all_of("phone", "phone"),
    **all_of("first", "firstName"),
    **all_of("last", "lastName"),
    **all_of("name", "recipient billingAddress.name shippingAddress.name shopOwnerName"),
    **all_of("company", "billingAddress.company shippingAddress.company addressesV2.company"),
    **all_of("company", "purchasingEntity.company.name purchasingEntity.location.name"),
    **all_of("code", "externalId external_id"),
    **all_of("street", "address1 address2"),
    **all_of("city", "city"),
    **all_of("zip", "zip"),
    **all_of("ip", "clientIp ip"),
    **all_of("person", "customer.id customer_id addressesV2.id defaultAddress.id"),
    **all_of(
        TEXT,
        """province provinceCode country countryCode countryCodeV2 zoneCode addressesV2.default
        note note2 poNumber customAttributes userAgent statusPageUrl links invoiceUrl
        landingPage referrerUrl utmParameters.term utmParameters.content cartToken checkoutToken
        authorizationCode paymentId bin paymentDetails.number trackingInfo assessments.facts
        appliedDiscount.description taxRegistrationId role.name contactRoles.name
        multipassIdentifier""",
    ),
}
"""What is personal in whatever type has it."""

NAMES: Declared = all_of(
    PUBLIC,
    """
    __parentId __typename action admin altText amount appliesOncePerCustomer appliesOnEachItem
    appliesOnOneTimePurchase appliesOnSubscription asyncUsageCount automaticCycleLimit
    autoPublish avsResultCode barcode campaign cancelledAt cancelReason carrierIdentifier
    category cell checkoutToDraft closed closedAt code collectionMatch commentPolicy
    compareAtMode compareAtPrice completedAt consentCollectedFrom consentUpdatedAt count
    countries countryCodeOfOrigin createdAt currency currencyCode currentQuantity
    customerAccount customerSince cvvResultCode descriptionHtml discountClasses
    displayFinancialStatus displayFulfillmentStatus displayNameKey displayStatus dueAt dueInDays
    duration editableShippingAddress enabled endsAt errorCode event expiresAt fileSize filesize
    fileStatus fixedPricesCount fullName gateway greaterThanOrEqualToQuantity
    harmonizedSystemCode height host ianaTimezone id included includeDescendants
    includeRestOfWorld increment inventoryPolicy inventoryQuantity invoiceSentAt isDefault
    isGiftCard isOneTimePurchase isPublished isSubscription issuedAt kind lifetimeDuration
    locale location marketingOptInLevel marketingState matchType maximum mediaContentType medium
    metafieldBooleanRelation metafieldBooleanValue metafieldDecimalRelation
    metafieldDecimalValue metafieldIntegerRelation metafieldIntegerValue
    metafieldMetaobjectListMatch metafieldMetaobjectListRelation metafieldMetaobjectRelation
    metafieldsCount metafieldStringListMatch metafieldStringListRelation
    metafieldStringListValue metafieldStringMatch metafieldStringRelation metafieldStringValue
    metaobjectsCount mimeType minimum moneyFormat myshopifyDomain namespace numberOfOrders
    onlineStoreUrl orderDiscounts originalFileSize originUrl overdue ownerType paymentTermsName
    paymentTermsType percentage pinnedPosition position price processedAt productCategoryMatch
    productCategoryRelation productDiscounts productStatusMatch productStatusRelation
    productStatusValue productTagMatch productTagRelation productTagValue productTitleMatch
    productTitleRelation productTitleValue productType productTypeMatch productTypeRelation
    productTypeValue productVendorMatch productVendorRelation productVendorValue
    provinceCodeOfOrigin publicDisplayName publishDate published publishedAt quantity rate
    reason recommendation recurringCycleLimit registeredSourceUrl required requiresShipping
    reserveInventoryUntil resourceId restocked restockType riskLevel shareable shippingDiscounts
    sku sortOrder sourceId sourceIdentifier sourceName sourceOrderTransactionId sourceType
    startsAt state status storefront subjectId subjectType summary tags target targetType
    taxable taxCode taxesIncluded taxExempt taxExemptions taxShipping templateSuffix test
    totalInventory totalWeight tracked tracksInventory transactionDate type unfulfilledQuantity
    unit unknownMatch unknownRelation unknownValue updatedAt usageLimit usesPerOrderLimit
    valueType variantCompareAtPriceRelation variantInventoryRelation variantInventoryValue
    variantPriceRelation variantTitle variantTitleMatch variantTitleRelation variantTitleValue
    variantWeightRelation vendor verifiedEmail weightUnit width
    """,
)
"""Names of fields that are personal nowhere, but where a type says otherwise."""

FILTERS: Declared = all_of(
    PUBLIC,
    """
    blog_id blog_title category_id collection_id collection_type comments company_id
    company_location_id created_at definition discount_class discount_code display_name ends_at
    financial_status fulfillment_status gift_card inventory_total is_price_reduced issued_at
    media_type method orders_count owner_type processed_at product_id product_type
    publishable_status published_at published_status source source_name starts_at subject_type
    tag tag_not times_used total_spent updated_at used_in variant_id variant_title
    """,
)
"""Names of filters that look for nothing personal; others are what the field of their name is."""

IN_PLACE: Declared = all_of(
    PUBLIC,
    """
    adjustment.value appliedDiscount.title appliedDiscount.value apps.title articles.author.name
    articles.body articles.handle articles.title associatedOrder.name blog.handle blog.title
    catalogs.title category.name collections.handle collections.title collectionValue.handle
    definition.key definition.name deliveryProfile.name descriptionTag.value discount.title
    discount.value discountApplications.title discounts.title draft_orders.name feed.path
    fieldDefinitions.description fieldDefinitions.key fieldDefinitions.name fields.key
    fields.value image.url items.title items.url lastOrder.name line.name line.title
    lineItems.name lineItems.title location.name markets.handle media.alt menus.handle
    menus.title metafield_definitions.description metafield_definitions.key
    metafield_definitions.name metafieldMetaobjectListValue.handle
    metafieldMetaobjectValue.handle metafields.key metafields.value
    metaobject_definitions.description metaobject_definitions.name metaobjects.displayName
    metaobjects.handle model.url orders.name orders.number pages.body pages.handle pages.title
    paymentDetails.company paymentTermsTemplate.name priceList.name product.handle
    products.handle products.title provider.title publication.name quantities.name
    redirects.path reference.filename reference.handle reference.title reference.url
    retailLocation.name segments.name selectedOptions.name selectedOptions.value seo.description
    seo.title shipping.source shipping.title shippingLine.source shippingLine.title
    shippingLines.source shippingLines.title shop.name taxLines.title titleTag.value type.name
    utmParameters.source validations.name validations.value variantWeightValue.value video.url
    weight.value
    """,
)
"""Names that mean many things, where they are not personal."""


def endings(path: str) -> Iterator[str]:
    """A dotted path and its endings, the longest first."""
    yield path
    while "." in path:
        path = path.partition(".")[2]
        yield path


def declared(path: str, own: Declared) -> Kind | None:
    """What a path is that begins with its type's name; None where nobody has declared it."""
    for ending in endings(path):
        for known in (own, SHARED, IN_PLACE):
            if ending in known:
                return known[ending]
    return PUBLIC if path.rpartition(".")[2] in NAMES else None


def declared_filter(type_name: str, name: str, own: Declared) -> Kind | None:
    """What a type's filter looks for; None where nobody has declared it."""
    return PUBLIC if name in FILTERS else declared(f"{type_name}.{name}", own)
