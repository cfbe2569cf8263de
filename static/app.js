// What HTML cannot say: modal dialogs, half-ticked boxes, the clipboard, toasts, lost connections.

const NO_ANSWER = 'Altera did not answer. Check your connection and try again.';
const WENT_WRONG = 'That did not work. Try again in a minute.';
let opener = null;

const byId = (id) => document.getElementById(id);

function settle() {
  for (const box of document.querySelectorAll('[data-some]')) box.indeterminate = true;
  const dialog = document.querySelector('dialog:not([open])');
  if (dialog) {
    dialog.showModal();
    (dialog.querySelector('[aria-invalid]') ?? dialog.querySelector('[data-focus]'))?.focus();
  } else if (opener && !document.querySelector('dialog')) {
    refocus();
  }
  document.querySelector('tbody [data-focus]')?.focus();
}

function refocus() {
  const label = opener?.getAttribute('aria-label');
  const again = opener?.isConnected ? opener
    : label ? document.querySelector(`[aria-label="${CSS.escape(label)}"]`)
    : document.querySelector('#create-key button');
  again?.focus();
  opener = null;
}

function closeDialog() {
  byId('dialog').replaceChildren();
  refocus();
}

async function copy(id) {
  const node = byId(id);
  try {
    await navigator.clipboard.writeText(node.textContent);
  } catch {
    getSelection().selectAllChildren(node);
    if (!document.execCommand('copy')) return tell('Select the text and copy it with the keyboard.');
    getSelection().removeAllRanges();
  }
  toast('Copied');
}

function toast(message) {
  byId('said').textContent = message;
  window.shopify?.toast?.show(message);
}

function tell(problem) {
  byId('problem').textContent = problem;
  byId('problem').hidden = !problem;
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-close], [data-copy]');
  if (button?.dataset.copy) copy(button.dataset.copy);
  else if (button) closeDialog();
});
document.addEventListener('close', closeDialog, true);
document.addEventListener('toast', (event) => toast(event.detail?.value ?? event.detail));
document.addEventListener('htmx:before:request', (event) => {
  tell('');
  const source = event.detail.ctx.sourceElement;
  if (source.getAttribute('hx-target') === '#dialog') opener = source;
});
document.addEventListener('htmx:after:swap', (event) => {
  settle();
  const wanted = event.detail.ctx?.sourceElement?.dataset?.copyAfter;
  if (wanted) copy(wanted);
});
document.addEventListener('htmx:error', (event) => {
  if (event.detail.error?.name !== 'AbortError') tell(NO_ANSWER);
});
document.addEventListener('htmx:response:error', (event) => {
  const {status} = event.detail.ctx.response;
  if (![404, 422].includes(status)) tell(WENT_WRONG);
});
settle();
