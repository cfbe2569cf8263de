// Links, forms and window.open that lead out of the app, to another page of the admin.
const OUT = /^(shopify:\/\/admin|https:\/\/admin\.shopify\.com)(\/|$)/;
const plainOpen = window.open.bind(window);

window.open = function open(url, ...rest) {
  if (!OUT.test(url ?? "")) return plainOpen(url, ...rest);
  tell("open", {url: String(url)});
  return null;
};

document.addEventListener("click", (event) => {
  const url = event.target.closest?.("a[href], s-link[href]")?.getAttribute("href");
  if (event.defaultPrevented || !OUT.test(url ?? "")) return;
  event.preventDefault();
  tell("open", {url});
});

document.addEventListener("submit", (event) => {
  const url = event.target.getAttribute("action");
  if (event.defaultPrevented || !OUT.test(url ?? "")) return;
  event.preventDefault();
  tell("open", {url});
});
