// What HTML cannot say: modal dialogs, half-ticked boxes, the clipboard, toasts, where the focus was,
// and that a list which gets shorter while one types does not pull up what is below.

const words = document.body.dataset; // in the merchant's language
const SAVING = 'form[data-save-bar].htmx-request';
let opener = null; // what opened the dialog
let held = null; // what had the focus when a request went out
let failed = null; // whose request ended in the problem that is shown

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
  const place = again(element) ?? document.querySelector('#create-key button');
  const other = place?.disabled && place.closest('nav')?.querySelector(':enabled'); // at the last page
  (other || place)?.focus({preventScroll: true});
}

/** Another page waits until what was changed here is saved or discarded; what cannot be saved keeps this one. */
async function leave(ctx) {
  clearTimeout(ctx.requestTimeout);
  await window.shopify?.saveBar?.leaveConfirmation();
  if (!document.querySelector(SAVING)) return;
  while (document.querySelector(SAVING)) await new Promise((go) => setTimeout(go, 50));
  if (document.querySelector('[aria-invalid], #problem:not([hidden])')) ctx.request.abort();
}

/** What is left of the page before, and what a screen reader says of the new one. */
function arrive(title) {
  opener = null;
  closeDialog();
  byId('said').textContent = title;
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
    if (!document.execCommand('copy')) return tell(words.notCopied);
    getSelection().removeAllRanges();
  }
  toast(words.copied);
}

function toast(message) {
  byId('said').textContent = message;
  window.shopify?.toast?.show(message);
}

function tell(problem, ctx) {
  failed = ctx?.sourceElement.id;
  const place = document.querySelector('dialog [data-problem]') ?? byId('problem');
  place.textContent = problem;
  place.hidden = !problem;
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-close], [data-copy]');
  if (button?.dataset.copy) copy(button.dataset.copy);
  else if (button) closeDialog();
});
document.addEventListener('close', closeDialog, true);
document.addEventListener('toast', (event) => toast(event.detail?.value ?? event.detail));
document.addEventListener('htmx:before:request', ({detail: {ctx}}) => {
  const polls = ctx.sourceElement.matches('[hx-trigger^="every"]'); // takes back its own problem only
  if (!polls || failed === ctx.sourceElement.id) tell('');
  held = document.activeElement === document.body ? null : document.activeElement;
  if (ctx.sourceElement.getAttribute('hx-target') === '#dialog') opener = ctx.sourceElement;
  ctx.copyAfter = ctx.sourceElement.dataset.copyAfter; // the swap may replace the element
  const {fetch, target} = ctx;
  if (target?.id === 'page') ctx.fetch = (...request) => leave(ctx).then(() => fetch(...request));
});
document.addEventListener('htmx:before:history:update', (event) => {
  if (event.detail.response.status >= 400) event.preventDefault(); // the page before is still shown
});
document.addEventListener('htmx:before:swap', ({detail: {ctx}}) => {
  const {target} = ctx;
  if (!('steady' in (target?.dataset ?? {}))) return;
  const top = ctx.swap.includes('show:top') ? 0 : target.getBoundingClientRect().top;
  const toTheFold = innerHeight - top; // nobody sees move what is further down
  target.style.minHeight = `${Math.min(target.offsetHeight, Math.max(0, toTheFold))}px`;
});
document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
  if (ctx.target?.id === 'page' && ctx.swap !== 'none') arrive(ctx.title);
  if (ctx.target?.id === 'grants') showTicks();
  showDialog();
  moveFocus();
  if (document.querySelector(`[data-copy="${ctx.copyAfter}"]`)) copy(ctx.copyAfter);
});
document.addEventListener('htmx:finally:request', () => setTimeout(moveFocus));
document.addEventListener('htmx:error', ({detail: {ctx}}) => tell(words.noAnswer, ctx));
document.addEventListener('htmx:response:error', ({detail: {ctx}}) => {
  const {status} = ctx.response;
  if (status === 401) tell(words.noSession, ctx);
  else if (![404, 422].includes(status)) tell(words.wentWrong, ctx);
});
// A link of the admin's own navigation: App Bridge would load a document.
document.addEventListener('shopify:navigate', (event) => {
  event.preventDefault();
  const page = {target: '#page', select: '#page', swap: 'outerHTML show:top', push: 'true'};
  htmx.ajax('GET', event.target.getAttribute('href'), page);
});
