// What the page's own address says, and where the page is, which the admin's address bar follows.
const OWN_PARAMETERS = [
  "embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp",
  "shopify-reload",
];
const params = new URLSearchParams(location.search);
const config = {
  apiKey: document.querySelector("meta[name=shopify-api-key]")?.content ?? script.dataset.apiKey,
  shop: params.get("shop") ?? undefined,
  host: params.get("host") ?? undefined,
  locale: params.get("locale") ?? "en",
};

/** An address of the app with the parameters that every document of it needs. */
function withShop(address) {
  const url = new URL(address, location.href);
  for (const name of ["embedded", "host", "locale", "shop"]) {
    if (params.has(name) && !url.searchParams.has(name)) url.searchParams.set(name, params.get(name));
  }
  return url;
}

function tellLocation() {
  const search = new URLSearchParams(location.search);
  for (const name of OWN_PARAMETERS) search.delete(name);
  const path = location.pathname + (search.size ? `?${search}` : "");
  tell("location", {path, title: document.title});
}

/** The bounce page: it comes back to the address it was asked for, with a fresh ID token. */
async function reload(path) {
  const url = withShop(new URL(path, location.origin));
  if (!path.startsWith("/") || url.origin !== location.origin) return;
  url.searchParams.set("id_token", await ask("id-token"));
  location.replace(url);
}

function enterAdmin() {
  const name = config.shop.replace(/\.myshopify\.com$/, "");
  const path = location.pathname === "/" ? "" : location.pathname;
  location.replace(`${ADMIN}/store/${encodeURIComponent(name)}/apps/altera${path}`);
}

if (!embedded && config.shop) {
  enterAdmin();
} else if (params.has("shopify-reload")) {
  reload(params.get("shopify-reload"));
} else {
  tell("document");
  tellLocation();
  document.addEventListener("DOMContentLoaded", () => {
    tellLocation();
    new MutationObserver(tellLocation).observe(document.head, {childList: true, subtree: true});
  });
  window.addEventListener("pageshow", tellLocation);
  window.addEventListener("popstate", tellLocation);
  for (const name of ["pushState", "replaceState"]) {
    const plain = history[name];
    history[name] = function (...change) {
      plain.apply(this, change);
      tellLocation();
    };
  }
}
