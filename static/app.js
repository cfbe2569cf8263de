// What HTML cannot say: modal dialogs, half-ticked boxes, the clipboard, toasts, where the focus was.

const NO_ANSWER = 'Altera did not answer. Check your connection and try again.';
const WENT_WRONG = 'That did not work. Try again in a minute.';
const NO_SESSION = 'Your session has ended. Reload the page and try again.';
let opener = null; // what opened the dialog
let held = null; // what had the focus when a request went out

const byId = (id) => document.getElementById(id);
const again = (element) => (element?.isConnected ? element : byId(element?.id));

/** The ticks as the server sent them: morphing keeps a box's element, and with it what was clicked. */
function showTicks() {
  for (const box of document.querySelectorAll('#grants input')) {
    box.checked = box.defaultChecked;
    box.indeterminate = 'some' in box.dataset;
  }
}

function showDialog() {
  const dialog = document.querySelector('dialog:not([open])');
  if (!dialog) return;
  showTicks();
  dialog.showModal();
}

/** Follow the fragment that asks for the focus, once; else give it back where a swap took it. */
function moveFocus() {
  const wanted = document.querySelector('dialog [data-focus]') ?? document.querySelector('[data-focus]');
  wanted?.removeAttribute('data-focus');
  if (wanted) wanted.focus();
  else if (held && document.activeElement === document.body) refocus(held);
}

function refocus(element) {
  (again(element) ?? document.querySelector('#create-key button'))?.focus({preventScroll: true});
}

function closeDialog() {
  byId('dialog').replaceChildren();
  if (opener) refocus(opener);
  opener = null;
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

/** Save an answer as a file: a plain link would carry no token. */
async function download(button) {
  const fields = button.form ? `?${new URLSearchParams(new FormData(button.form))}` : '';
  const answer = await fetch(button.dataset.download + fields).catch(() => null);
  if (!answer?.ok) return tell(answer ? WENT_WRONG : NO_ANSWER);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = button.dataset.download.split('/').at(-1);
  link.click();
  URL.revokeObjectURL(link.href);
}

function toast(message) {
  byId('said').textContent = message;
  window.shopify?.toast?.show(message);
}

function tell(problem) {
  const place = document.querySelector('dialog [data-problem]') ?? byId('problem');
  place.textContent = problem;
  place.hidden = !problem;
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-close], [data-copy], [data-download]');
  if (button?.dataset.copy) copy(button.dataset.copy);
  else if (button?.dataset.download) download(button);
  else if (button) closeDialog();
});
document.addEventListener('close', closeDialog, true);
document.addEventListener('toast', (event) => toast(event.detail?.value ?? event.detail));
document.addEventListener('htmx:before:request', ({detail: {ctx}}) => {
  tell('');
  held = document.activeElement === document.body ? null : document.activeElement;
  if (ctx.sourceElement.getAttribute('hx-target') === '#dialog') opener = ctx.sourceElement;
  ctx.copyAfter = ctx.sourceElement.dataset.copyAfter; // the swap may replace the element
});
document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
  if (ctx.target?.id === 'grants') showTicks();
  showDialog();
  moveFocus();
  if (document.querySelector(`[data-copy="${ctx.copyAfter}"]`)) copy(ctx.copyAfter);
});
document.addEventListener('htmx:finally:request', () => setTimeout(moveFocus));
document.addEventListener('htmx:error', () => tell(NO_ANSWER));
document.addEventListener('htmx:response:error', ({detail: {ctx}}) => {
  const {status} = ctx.response;
  if (status === 401) tell(NO_SESSION);
  else if (![404, 422].includes(status)) tell(WENT_WRONG);
});
