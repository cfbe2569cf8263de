/** Many things at once, but not too many: places for a few, and calls that take several. */
import {setTimeout as sleep} from 'node:timers/promises';

/** Returns place(work): runs `work` once one of `most` places is free. */
export function places(most) {
  let free = most;
  const waiting = [];
  return async (work) => {
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
 * Returns ask(item): what `call(items)` answers for it, which is made with all that was asked for
 * in the same moment, `most` at a time.
 */
export function batches(call, {most, moment = 20}) {
  let waiting = [];
  let timer = null;

  async function flush() {
    clearTimeout(timer);
    timer = null;
    const now = waiting.splice(0, most);
    if (waiting.length) timer = setTimeout(flush, 0);
    try {
      const answers = await call(now.map(({item}) => item));
      now.forEach(({resolve}, place) => resolve(answers[place]));
    } catch (error) {
      now.forEach(({reject}) => reject(error));
    }
  }

  return (item) => new Promise((resolve, reject) => {
    waiting.push({item, resolve, reject});
    if (waiting.length >= most) flush();
    else timer ??= setTimeout(flush, moment);
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
