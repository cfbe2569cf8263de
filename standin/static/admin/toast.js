// Short messages of the app, shown by the admin at the foot of the page.
const toasts = () => document.querySelector(".toasts");

function remove(toast, message = {}) {
  const box = document.getElementById(toast);
  if (!box) return;
  box.remove();
  tell("toast-end", {toast, ...message});
}

function button(label, onclick) {
  const made = document.createElement("button");
  Object.assign(made, {type: "button", textContent: label, onclick});
  return made;
}

on.toast = ({toast, message, duration, isError, action}) => {
  const box = document.createElement("div");
  box.id = toast;
  box.className = isError ? "toast error" : "toast";
  box.append(message);
  if (action) box.append(button(action, () => tell("toast-end", {toast, action: true})));
  const close = button("×", () => remove(toast));
  close.setAttribute("aria-label", "Dismiss");
  box.append(close);
  toasts().append(box);
  setTimeout(() => remove(toast), duration);
};

on["toast-hide"] = ({toast}) => remove(toast);
