// What HTML cannot say: modal dialogs, half-ticked boxes, the clipboard, toasts, and where the focus was.

const words = document.body.dataset; // in the merchant's language
const SAVING = 'form[data-save-bar].htmx-request';
let opener = null; // what opened the dialog
let asOpened = null; // what the dialog's form held when it was opened
let focused = null; // what had the focus when a request was sent
let failed = null; // whose request ended in the problem that is shown

const byId = (id) => document.getElementById(id);
const again = (element) => (element?.isConnected ? element : byId(element?.id));
const keyDialog = () => document.querySelector('#dialog > dialog');
const filledIn = () => new URLSearchParams(new FormData(keyDialog().querySelector('form'))).toString();

/** The ticks as the server sent them: morphing keeps a box's element, and with it what was clicked. */
function showTicks() {
  for (const box of document.querySelectorAll('#grants input')) {
    box.checked = box.defaultChecked;
    box.indeterminate = 'some' in box.dataset;
  }
}

function showDialog() {
  const dialog = keyDialog();
  if (!dialog) asOpened = null; // it was saved
  if (!dialog || dialog.open) return;
  showTicks();
  dialog.showModal();
  asOpened ??= filledIn(); // a form that comes back with errors is still the one that was opened
}

/** Ask before unsaved changes are lost; tell whether that was needed. */
function asksToDiscard() {
  const question = byId('discard');
  if (!question || question.open || filledIn() === asOpened) return false;
  question.showModal();
  return true;
}

/** On a phone the actions of a row are in a menu, which has closed meanwhile: then its button. */
function visible(element) {
  if (!element || element.checkVisibility()) return element;
  return document.querySelector(`[popovertarget="${element.closest('[popover]')?.id}"]`);
}

/** Follow the first fragment that asks for the focus, once; else give it back where a swap took it. */
function moveFocus() {
  const wanted = document.querySelector('dialog [data-focus]') ?? document.querySelector('[data-focus]');
  for (const asking of document.querySelectorAll('[data-focus]')) asking.removeAttribute('data-focus');
  if (wanted) visible(wanted)?.focus();
  else if (focused && document.activeElement === document.body) refocus(focused);
}

function refocus(element) {
  const place = visible(again(element)) ?? document.querySelector('#create-key button');
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

function removeDialog() {
  byId('dialog').replaceChildren();
  asOpened = null;
}

function closeDialog() {
  removeDialog();
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

/** The merchant is back from another tab, window or page of the admin: ask what changed meanwhile. */
function shown() {
  if (!document.hidden && !keyDialog()) htmx.trigger(document.body, 'shown');
}

/** Tick every box of the table below the button, or none; what is ticked is told at once. */
function tick({dataset, form}) {
  const body = form.querySelector('tbody');
  for (const box of body.querySelectorAll('[type=checkbox]')) box.checked = dataset.tick === 'all';
  body.dispatchEvent(new Event('change', {bubbles: true}));
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-close], [data-copy], [data-keep], [data-tick]');
  if (button?.dataset.copy) copy(button.dataset.copy);
  else if (button?.dataset.tick) tick(button);
  else if (button && 'keep' in button.dataset) byId('discard').close();
  else if (button && !(button.dataset.close === 'ask' && asksToDiscard())) closeDialog();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  document.documentElement.toggleAttribute('data-no-tips', true);
  if (keyDialog()?.open && asksToDiscard()) event.preventDefault();
});
for (const back of ['focusin', 'pointerover']) {
  document.addEventListener(back, () => document.documentElement.removeAttribute('data-no-tips'));
}
document.addEventListener('cancel', (event) => { // by a gesture instead of a key
  if (event.target === keyDialog() && asksToDiscard()) event.preventDefault();
}, true);
document.addEventListener('close', (event) => {
  if (event.target === keyDialog()) closeDialog();
}, true);
document.addEventListener('visibilitychange', shown);
addEventListener('focus', shown);
document.addEventListener('toast', (event) => toast(event.detail?.value ?? event.detail));
document.addEventListener('htmx:before:request', ({detail: {ctx}}) => {
  const {sourceElement} = ctx;
  const asks = sourceElement.matches('[hx-trigger^="every"], [hx-trigger^="shown"]'); // by itself
  if (!asks || failed === sourceElement.id) tell('');
  const follows = sourceElement.matches('[hx-trigger="load"]'); // a part of a swap that is not over yet
  if (!follows) focused = document.activeElement === document.body ? null : document.activeElement;
  if (sourceElement.getAttribute('hx-target') === '#dialog') {
    if (keyDialog()?.open === false) removeDialog(); // of the one before, closed with Escape: its event is still to come
    opener = sourceElement;
  }
  ctx.copyAfter = sourceElement.dataset.copyAfter; // the swap may replace the element
  const {fetch, target} = ctx;
  if (target?.id === 'page') ctx.fetch = (...request) => leave(ctx).then(() => fetch(...request));
});
document.addEventListener('htmx:before:history:update', (event) => {
  if (event.detail.response.status >= 400) event.preventDefault(); // the page before is still shown
});
document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
  if (ctx.target?.id === 'page' && ctx.swap !== 'none') arrive(ctx.title);
  if (ctx.target?.id === 'grants') showTicks();
  showDialog();
  moveFocus();
  if (document.querySelector(`[data-copy="${ctx.copyAfter}"]`)) copy(ctx.copyAfter);
});
document.addEventListener('htmx:finally:request', ({detail: {ctx}}) => {
  if (ctx.hx?.redirect?.startsWith('/downloads/')) ctx.keepIndicators = false;  // the page stays
  setTimeout(moveFocus);
});
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
