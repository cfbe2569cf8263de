// The app's links in the left navigation; the address bar follows the app's page.
let current = "/";

function markCurrent() {
  const links = [...document.querySelectorAll(".app-links a")];
  const matching = links.filter(({dataset: {path}}) => {
    return current === path || current.startsWith(path.replace(/\/?$/, "/"));
  });
  const [best] = matching.sort((a, b) => b.dataset.path.length - a.dataset.path.length);
  for (const link of links) {
    if (link === best) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

on.nav = ({links}) => {
  const items = links.map(({href, path, label}) => {
    const link = document.createElement("a");
    link.href = document.body.dataset.app + (path === "/" ? "" : path);
    link.textContent = label;
    Object.assign(link.dataset, {path, appHref: href});
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  document.querySelector(".app-links").replaceChildren(...items);
  markCurrent();
};

on.document = () => {
  on.loading({loading: false});
  on["save-bar"]({visible: false});
};

on.location = ({path, title}) => {
  const url = new URL(path, location.href);
  current = url.pathname;
  const locale = new URLSearchParams(location.search).get("locale");
  if (locale) url.searchParams.set("locale", locale);
  const outer = document.body.dataset.app + (current === "/" ? "" : current) + url.search;
  history.replaceState(history.state, "", outer);
  if (title) document.title = `${title} · ${document.body.dataset.name}`;
  markCurrent();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest(".navigation a");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (!link || !plain) return;
  if (saveBarVisible()) {
    event.preventDefault();
    on["save-bar-attention"]();
  } else if (link.dataset.appHref) {
    event.preventDefault();
    closeMenu();
    tell("navigate", {href: link.dataset.appHref});
  }
});

function closeMenu() {
  document.querySelector(".menu-button").setAttribute("aria-expanded", "false");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".menu-button");
  if (!button) return;
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
});
