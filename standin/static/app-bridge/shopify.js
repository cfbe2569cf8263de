// window.shopify: what the app's own scripts call.
const toastEnds = new Map();

on["toast-end"] = ({toast, action}) => {
  const {onAction, onDismiss} = toastEnds.get(toast) ?? {};
  if (action) onAction?.();
  else onDismiss?.();
  if (!action) toastEnds.delete(toast);
};

window.shopify = {
  config,
  environment: {embedded, mobile: false, pos: false},
  ready: Promise.resolve(),
  idToken: () => ask("id-token"),
  loading: (loading = true) => tell("loading", {loading}),
  saveBar,
  modal: {
    show: (id) => document.getElementById(id)?.showModal(),
    hide: (id) => document.getElementById(id)?.close(),
    toggle(id) {
      if (document.getElementById(id)?.open) this.hide(id);
      else this.show(id);
    },
  },
  toast: {
    /** Shows the message in the admin and returns its id, which hide() takes. */
    show(message, {duration = 5000, isError = false, action, onAction, onDismiss} = {}) {
      const toast = `toast-${crypto.randomUUID()}`;
      toastEnds.set(toast, {onAction, onDismiss});
      tell("toast", {toast, message, duration, isError, action});
      return toast;
    },
    hide: (toast) => tell("toast-hide", {toast}),
  },
};
