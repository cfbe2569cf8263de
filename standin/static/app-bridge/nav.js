// <s-app-nav>: hidden in the page; the admin shows its links.
class AppNav extends HTMLElement {
  connectedCallback() {
    this.hidden = true;
    this.observer = new MutationObserver(() => this.report());
    this.observer.observe(this, {childList: true, subtree: true, characterData: true});
    this.report();
  }

  disconnectedCallback() {
    this.observer.disconnect();
  }

  links() {
    return [...this.querySelectorAll("s-link[href], a[href]")];
  }

  report() {
    const shown = this.links().filter((link) => link.getAttribute("rel") !== "home");
    const links = shown.map((link) => ({
      href: link.getAttribute("href"),
      path: new URL(link.getAttribute("href"), location.href).pathname,
      label: link.textContent.trim(),
    }));
    tell("nav", {links});
  }
}

customElements.define("s-app-nav", AppNav);

on.navigate = ({href}) => {
  const links = document.querySelector("s-app-nav")?.links() ?? [];
  const link = links.find((each) => each.getAttribute("href") === href);
  if (!link) return;
  const event = new CustomEvent("shopify:navigate", {bubbles: true, cancelable: true});
  if (link.dispatchEvent(event)) location.assign(withShop(href));
};
