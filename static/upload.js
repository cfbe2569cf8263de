// Sends a chosen or dropped file in parts; one that was cut off goes on where it stopped.

const TRIES = 5; // of a part, a little later each time
const pause = (seconds) => new Promise((go) => setTimeout(go, 1000 * seconds));
let sending = 0; // the number of the upload: another choice ends the one before

/** Where an upload of this very file may have begun in this tab. */
const nameOf = (file) => `upload ${file.name} ${file.size} ${file.lastModified}`;

function remembered(file) {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(file)));
  } catch {
    return null; // a frame of another site may have no storage
  }
}

function remember(file, begun) {
  try {
    sessionStorage.setItem(nameOf(file), JSON.stringify(begun));
  } catch { /* then it begins again */ }
}

/** Fetch, again where the network or the server fails for a moment. */
async function tryAgain(url, options) {
  for (let tried = 1; ; tried += 1) {
    try {
      const answer = await fetch(url, options);
      if (answer.status < 500 && answer.status !== 429 || tried === TRIES) return answer;
    } catch (error) {
      if (tried === TRIES) throw error;
    }
    await pause(tried);
  }
}

/** Where the file goes, and how many parts of it are there. */
async function begin(file, url) {
  const before = remembered(file);
  if (before) {
    const answer = await tryAgain(`${url}/${before.upload}`);
    if (answer.ok) return {...before, ...await answer.json()};
  }
  const body = new URLSearchParams({name: file.name, size: file.size});
  const answer = await tryAgain(url, {method: 'POST', body});
  const begun = await answer.json();
  if (answer.ok) remember(file, begun);
  return {parts: 0, ...begun};
}

async function upload(input, file) {
  const mine = sending += 1;
  const [name, bar, wrong] = ['file-name', 'file-progress', 'file-error'].map((id) => document.getElementById(id));
  name.textContent = file.name;
  wrong.textContent = '';
  document.getElementById('read').replaceChildren();
  bar.value = 0;
  bar.hidden = false;
  try {
    const {upload: token, part, parts, error} = await begin(file, input.dataset.upload);
    if (error) return void (wrong.textContent = error);
    for (let sent = parts; sent * part < file.size; sent += 1) {
      if (mine !== sending) return;
      bar.value = sent * part / file.size;
      const body = file.slice(sent * part, (sent + 1) * part);
      const answer = await tryAgain(`${input.dataset.upload}/${token}/${sent}`, {method: 'PUT', body});
      if (!answer.ok) {
        const {error: refusal} = await answer.json().catch(() => ({}));
        if (refusal && mine === sending) return void (wrong.textContent = refusal);
        throw new Error(answer.status);
      }
    }
    if (mine !== sending) return;
    bar.value = 1;
    await htmx.ajax('POST', input.dataset.read, {target: '#read', swap: 'outerHTML', values: {upload: token}, source: input});
  } catch {
    if (mine === sending) wrong.textContent = wrong.dataset.retry;
  } finally {
    if (mine === sending) bar.hidden = true;
    input.value = ''; // so that the same file can be chosen again
  }
}

document.addEventListener('change', ({target}) => {
  if (target.dataset.upload && target.files[0]) upload(target, target.files[0]);
});
for (const kind of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.('[data-drop]');
    if (!zone) return;
    event.preventDefault();
    zone.toggleAttribute('data-over', kind === 'dragover');
    const file = event.dataTransfer?.files[0];
    if (kind === 'drop' && file) upload(zone.querySelector('[data-upload]'), file);
  });
}
