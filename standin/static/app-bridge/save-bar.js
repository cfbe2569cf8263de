// The contextual save bar: <form data-save-bar> by itself, or shopify.saveBar with <ui-save-bar>.
let unsaved = null; // the changed form, or the opened <ui-save-bar>
let opened = null;
let submitted = null; // the form whose changes are on their way: it counts as saved until it changes again
const saved = []; // functions that wait for the bar to go

function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") {
    return field.checked !== field.defaultChecked;
  }
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options];
    const stated = field.multiple || options.some((option) => option.defaultSelected);
    return options.some((option, i) => option.selected !== (stated ? option.defaultSelected : i === 0));
  }
  return "defaultValue" in field && field.value !== field.defaultValue;
}

function checkForms() {
  const forms = [...document.querySelectorAll("form[data-save-bar]")];
  const unsent = forms.filter((form) => form !== submitted);
  const now = unsent.find((form) => [...form.elements].some(changed)) ?? opened;
  if (now === unsaved) return;
  unsaved = now;
  tell("save-bar", {
    visible: now !== null,
    confirm: now?.hasAttribute("data-discard-confirmation") ?? false,
  });
  if (!now) saved.splice(0).forEach((resolve) => resolve());
}

function show(id) {
  opened = id === null ? null : document.getElementById(id);
  checkForms();
  return Promise.resolve();
}

on.save = () => {
  if (unsaved instanceof HTMLFormElement) unsaved.requestSubmit();
  else unsaved?.querySelector("button[variant=primary]")?.click();
};

on.discard = () => {
  if (unsaved instanceof HTMLFormElement) unsaved.reset();
  else unsaved?.querySelector("button:not([variant=primary])")?.click();
};

function edited() {
  submitted = null;
  checkForms();
}

document.addEventListener("input", edited);
document.addEventListener("change", edited);
document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-save-bar")) return;
  submitted = event.target;
  checkForms();
});
document.addEventListener("reset", () => setTimeout(checkForms));
new MutationObserver(() => {
  if (opened && !opened.isConnected) opened = null;
  checkForms();
}).observe(document, {childList: true, subtree: true});

const saveBar = {
  show: (id) => show(id),
  hide: () => show(null),
  toggle: (id) => show(opened ? null : id),
  /** Resolves at once without unsaved changes, else when they were saved or discarded. */
  leaveConfirmation() {
    if (!unsaved) return Promise.resolve();
    tell("save-bar-attention");
    return new Promise((resolve) => saved.push(resolve));
  },
};
