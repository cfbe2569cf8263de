/** Files to the store: each is asked about, sent to Shopify's storage and waited for. */
import {setTimeout as sleep} from 'node:timers/promises';

import {FileError, TargetExpired, contentOf, sendFile, storageOf} from './storage.js';
import {batches, forEach, patiently, places} from './together.js';

const IN_FLIGHT = 200; // files that are asked about or sent
const WATCHED = 600; // the same, and files that Shopify looks at
const SENT_AT_ONCE = 8;
const HASHED_AT_ONCE = 2;
const CALL = 50; // files in one call
const TRIES = 6;
const TARGETS = 3; // for one file: a target may expire
const FIRST_LOOK = 300; // milliseconds between two looks at a file, growing to
const LAST_LOOK = 3000;

/**
 * Upload files ({path, name, size, alt}); `seen(result)` hears of each as it is done, `meter` of
 * what is sent. A result is {path, size, result, comment, file}.
 */
export async function uploadAll(api, files, {replace, meter, seen}) {
  const storage = storageOf(api);
  const steady = (work) => patiently(work, {tries: TRIES, signal: api.signal});
  const call = (path) => async (items) =>
    (await steady(() => api.post(path, {files: items}))).files;
  const [sending, hashing] = [places(SENT_AT_ONCE), places(HASHED_AT_ONCE)];
  const underWay = places(IN_FLIGHT);
  const begin = batches(call('/uploads'), {most: CALL, more: hashing.busy});
  const complete = batches(call('/files'), {most: CALL, more: sending.busy});
  const look = batches(async (ids) => {
    const query = new URLSearchParams(ids.map((id) => ['id', id]));
    const {files: found} = await steady(() => api.get(`/files/status?${query}`));
    const byId = new Map(found.map((file) => [file.id, file]));
    return ids.map((id) => byId.get(id) ?? null);
  }, {most: CALL, more: sending.busy});

  await forEach(files, WATCHED, async (file) => {
    const result = await one(file).catch((error) => {
      const isOfOne = error instanceof FileError || isOfFile(error);
      if (api.signal.aborted || !isOfOne) throw error;
      return {result: 'failed', comment: error.message};
    });
    seen({path: file.path, size: file.size, ...result});
  });

  async function one(file) {
    const {made, sent, cut} = await underWay(() => sendUp(file));
    if (!made.file) return {result: 'failed', comment: made.error};
    const stored = await settled(made.file);
    if (!stored) return {result: 'failed', comment: 'It was deleted meanwhile.'};
    if (stored.status === 'failed') {
      return {result: 'failed', comment: stored.error || 'Shopify could not take it.', file: stored};
    }
    const told = [
      stored.name !== file.name && `Shopify calls it ${stored.name}.`,
      cut && 'The connection was lost, so it was sent again from its beginning.',
    ];
    return {result: sent ? 'uploaded' : 'unchanged', comment: told.filter(Boolean).join(' '), file: stored};
  }

  /** What became of the file, whether it had to be sent, and whether that was cut off once. */
  async function sendUp(file) {
    const {sha256, data} = await hashing(() => contentOf(file));
    const asked = {name: file.name, size: file.size, sha256, ...(replace && {replace})};
    for (let attempt = 1; ; attempt += 1) {
      const started = await begin(asked);
      if (started.result !== 'upload') return {made: started, sent: false, cut: false};
      let cut = false;
      try {
        cut = await sending(() => send(started.target, {...file, data}));
      } catch (error) {
        if (!(error instanceof TargetExpired) || attempt === TARGETS) throw error;
        continue;
      }
      const alt = file.alt === undefined ? {} : {alt: file.alt};
      return {made: await complete({upload: started.upload, ...alt}), sent: true, cut};
    }
  }

  /** Send the file, from its beginning each time; whether it was cut off in between. */
  async function send(target, file) {
    let cut = false;
    meter.begin(file);
    try {
      await patiently(async () => {
        let read = 0;
        try {
          await sendFile(storage, target, file, (bytes) => {
            read += bytes;
            meter.read(bytes);
          });
        } catch (error) {
          meter.read(-read);
          cut ||= read > 0 && !(error instanceof FileError);
          throw error;
        }
      }, {tries: TRIES, signal: api.signal});
      return cut;
    } finally {
      meter.end(file);
    }
  }

  /** The file once Shopify has looked at it; null when it is gone. */
  async function settled(file) {
    let found = file;
    for (let wait = FIRST_LOOK; found && !['ready', 'failed'].includes(found.status);) {
      await sleep(wait, undefined, {signal: api.signal});
      wait = Math.min(wait * 1.5, LAST_LOOK);
      found = await look(found.id);
    }
    return found;
  }
}

/** Whether an error of the system is about one file: it is gone, or may not be read. */
const isOfFile = (error) => ['ENOENT', 'EACCES', 'EPERM', 'EISDIR'].includes(error.code);
