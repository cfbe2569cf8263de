"""Who buys: the customer of an order or a draft, and the company location that it is for."""

from collections.abc import Mapping

from transfer.types.base import Item
from transfer.types.forms import BadCell
from transfer.types.order_sending import Made
from transfer.types.writing import WITH_CODE, Input, Json, Mutation, Parts, Reference

EXTERNAL_ID, BETWEEN, AT = "external_id:", "\x1f", "at:"
COMPANY_HEADERS = {
    "location.id": "Company: Location ID",
    "location.externalId": "Company: Location External ID",
    "location.name": "Company: Location Name",
    "company.id": "Company: ID",
    "company.externalId": "Company: External ID",
    "company.name": "Company: Name",
}


def _customers(given: Mapping[str, str]) -> tuple[Reference, ...]:
    """The customer by email, else by ID; perhaps one who is not there yet."""
    if email := given.get("email", "").strip():
        return (Reference("Customer", email, optional=True),)
    gid = given.get("id", "").strip()
    if not gid:
        return ()
    number = gid.rpartition("/")[2]
    return (Reference("Customer", f"gid://shopify/Customer/{number}", optional=True),)


def _places(given: Mapping[str, str]) -> tuple[Reference, ...]:
    """The company location that cells may mean: by its ID, its external ID, its name within the
    company."""
    names = []
    if number := given.get("location.id", "").strip().rpartition("/")[2]:
        names.append(f"gid://shopify/CompanyLocation/{number}")
    if external := given.get("location.externalId", "").strip():
        names.append(f"{EXTERNAL_ID}{external}")
    if name := given.get("location.name", "").strip():
        company = (given.get(f"company.{part}", "").strip() for part in ("externalId", "name"))
        names.append(BETWEEN.join((name, *company)))
        if of := given.get("company.name", "").strip():
            names.append(f"{of} / {name}")  # which the same import may create
    return tuple(Reference("CompanyLocation", name, optional=True) for name in names)


def references(cells: Mapping[str, str]) -> tuple[Reference, ...]:
    """The customer and the company location that a row may mean, and what goes with both."""
    given = {path: cells.get(header, "") for path, header in COMPANY_HEADERS.items()}
    customers = _customers(
        {"email": cells.get("Customer: Email", ""), "id": cells.get("Customer: ID", "")}
    )
    places = _places(given)
    contacts = [_contact(place, customer) for place in places for customer in customers]
    companies = [_company_at(place) for place in places]
    return (*customers, *places, *contacts, *companies)


def _contact(place: Reference, customer: Reference) -> Reference:
    return Reference("CompanyContact", f"{AT}{place.name}\x1e{customer.name}", optional=True)


def _company_at(place: Reference) -> Reference:
    return Reference("Company", f"{AT}{place.name}", optional=True)


def _texts_below(parts: Parts, prefix: str) -> dict[str, str]:
    return {name: str(value) for name, value in parts.below(prefix).items()}


def customer_of(parts: Parts) -> str | None:
    """The id of the customer whom the cells name, if the store has one."""
    wanted = _customers(_texts_below(parts, "=customer."))
    return next((parts.ids[one] for one in wanted if one in parts.ids), None)


def location_of(parts: Parts) -> tuple[str | None, Reference | None]:
    """The id of the company location that the cells name, and how it was found; BadCell where the
    store has none."""
    named = {
        f"{of}.{name}": value
        for of in ("location", "company")
        for name, value in _texts_below(parts, f"={of}.").items()
    }
    if not named:
        return None, None
    given = _beside(parts.item.get("purchasingEntity") or {}, named) | named
    found = next((one for one in _places(given) if one in parts.ids), None)
    if found is None:
        listed = ", ".join(f"{COMPANY_HEADERS[path]} “{value}”" for path, value in named.items())
        raise BadCell(f"The store has no company location with {listed}.")
    return parts.ids[found], found


def _beside(there: Item, named: Mapping[str, str]) -> dict[str, str]:
    """What is known of the location beside the cells that change: its company, or its name."""
    of = "company" if any(path.startswith("location.") for path in named) else "location"
    known = there.get(of) or {}
    names = ("id", "externalId", "name") if of == "company" else ("name",)
    return {f"{of}.{name}": known[name] for name in names if known.get(name)}


def purchaser(parts: Parts) -> dict[str, Json] | None:
    """Who a draft is for: a contact at a company location, or a customer."""
    customer = customer_of(parts)
    place, found = location_of(parts)
    if found is None:
        return {"customerId": customer} if customer else None
    there = parts.item.get("customer") or {}
    known = {name: there[name] for name in ("email", "id") if there.get(name)}
    cells = _texts_below(parts, "=customer.")
    contacts = [_contact(found, one) for one in _customers(cells or known)]
    contact = next((parts.ids[one] for one in contacts if one in parts.ids), None)
    if contact is None:
        raise BadCell(
            "Customer: Email: write that of a contact of the company, as Shopify asks for one."
        )
    company = parts.ids[_company_at(found)]
    bought: dict[str, Json] = {"companyId": company, "companyLocationId": place}
    return {"purchasingCompany": bought | {"companyContactId": contact}}


def _has_customer(item: Item, variables: Input) -> bool:
    return bool((item.get("customer") or {}).get("id") == variables["customerId"])


SET_CUSTOMER = Mutation(
    "orderCustomerSet",
    ("orderId: ID!", "customerId: ID!"),
    target="orderId",
    errors=WITH_CODE,
    done=_has_customer,
)


def sets_customer(parts: Parts) -> Made:
    """Give an order that is there another customer."""
    cells = _texts_below(parts, "=customer.")
    if parts.new or not (cells.get("email") or cells.get("id")):
        return
    customer = customer_of(parts)
    if customer is None:
        header = "Customer: Email" if cells.get("email") else "Customer: ID"
        named = cells.get("email") or cells["id"].rpartition("/")[2]
        raise BadCell(f"{header}: the store has no customer “{named}”. Import the customer first.")
    if customer != (parts.item.get("customer") or {}).get("id"):
        yield SET_CUSTOMER, SET_CUSTOMER.variables(parts.target, {"customerId": customer})
