/** Many things at once, but not too many: places for a few, and calls that take several. */
import {setTimeout as sleep} from 'node:timers/promises';

const SOON = 20; // milliseconds in which what is asked for in the same moment comes together

/** Returns place(work): runs `work` once one of `most` places is free; `place.busy()` as it says. */
export function places(most) {
  let free = most;
  const waiting = [];
  const place = async (work) => {
    if (free > 0) free -= 1;
    else await new Promise((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
  place.busy = () => free < most;
  return place;
}

/** Do `work(item)` for every item, `most` at a time; the first error ends it. */
export async function forEach(items, most, work) {
  const all = items[Symbol.asyncIterator]?.() ?? items[Symbol.iterator]();
  let failed = false;
  const worker = async () => {
    while (!failed) {
      const {done, value} = await all.next();
      if (done) return;
      try {
        await work(value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({length: most}, worker));
}

/**
 * Returns ask(item): what `call(items)` answers for it. Calls are made one after the other, each
 * with `most` items; with fewer once nobody knows of more to come, or `moment` has passed.
 */
export function batches(call, {most, moment = 250, more = () => false}) {
  let waiting = [];
  let [timer, since, running] = [null, 0, false];

  function next() {
    if (running || !waiting.length) return;
    const left = since + moment - Date.now();
    const full = waiting.length >= most || left <= 0;
    clearTimeout(timer);
    timer = full ? null : setTimeout(next, Math.min(left, SOON));
    if (full || !more()) flush();
  }

  async function flush() {
    clearTimeout(timer);
    const now = waiting.splice(0, most);
    [timer, since, running] = [null, Date.now(), true];
    try {
      const answers = await call(now.map(({item}) => item));
      now.forEach(({resolve}, place) => resolve(answers[place]));
    } catch (error) {
      now.forEach(({reject}) => reject(error));
    } finally {
      running = false;
      next();
    }
  }

  return (item) => new Promise((resolve, reject) => {
    if (!waiting.length) since = Date.now();
    waiting.push({item, resolve, reject});
    if (waiting.length >= most) next();
    else timer ??= setTimeout(next, SOON);
  });
}

/** Do it again while it fails in passing: `tries` times in all, after longer and longer pauses. */
export async function patiently(work, {tries, first = 500, signal}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !error.passing || attempt === tries) throw error;
      await sleep(Math.min(first * 2 ** (attempt - 1), 10_000), undefined, {signal});
    }
  }
}
