/** Exports and imports alike: follow one to its end, cancel it, say in words how it stands. */
import {setTimeout as sleep} from 'node:timers/promises';

import {CliError, usageError} from './errors.js';
import {inRows, progress} from './progress.js';
import {count, json} from './text.js';

/** Nothing happens to a job in these by itself: it is over, or its plan waits for somebody. */
export const ENDED = ['planned', 'held', 'completed', 'failed', 'canceled'];
export const NOT_DONE = ['failed', 'conflict']; // results of rows
/** A plan that is there to be applied or discarded. */
export const WAITING = ['planned', 'held'];
export const STATUSES = ['queued', 'running', 'planning', 'applying', ...ENDED];
const FIRST_WAIT = 300; // milliseconds between two looks at a job, growing to
const LAST_WAIT = 3000;
const MISSES = 10; // looks in a row that may fail while a server restarts
const CANCEL_LIMIT = 5000; // milliseconds
/** The warning that a job has as long as it is so. */
const RETRYING = 'Shopify answers with errors, trying again.';
const KINDS = {exp: 'export', imp: 'import'};

/** `export` → `/exports/<id>`. */
export const jobPath = (kind, id) => `/${kind}s/${encodeURIComponent(id)}`;

/** Whether an ID is an export's or an import's; of the one kind that is expected, if one is. */
export function kindOf(id, expected = null) {
  const [, prefix] = /^(exp|imp)_[A-Za-z0-9_-]+$/.exec(id) ?? [];
  if (prefix && (!expected || KINDS[prefix] === expected)) return KINDS[prefix];
  const what = expected ? `an ${expected}` : 'a job';
  throw usageError(`“${id}” is not the ID of ${what}. List the IDs with: altera job list`);
}

/**
 * Watch a job until it ends, showing how far it is: in a bar, with --json as a line of JSON for
 * each change. `label` says what is done, or says it of a state. Ctrl-C cancels it. Returns its
 * last state.
 */
export async function follow(context, api, kind, job, label, describe = inRows) {
  const {signal, say} = context;
  const path = jobPath(kind, job.id);
  const bar = context.flags.json ? lines(context) : progress(context, describe);
  let misses = 0;
  try {
    let wait = FIRST_WAIT;
    while (!ENDED.includes(job.status)) {
      const {done, total} = job.progress ?? {};
      const named = typeof label === 'function' ? label(job) : label;
      const words = job.status === 'queued' ? `${named}, waiting to start`
        : job.warnings?.includes(RETRYING) ? `${named}. ${RETRYING}` : named;
      bar.show(words, done, total, job.progress, job);
      await sleep(wait, undefined, {signal});
      wait = Math.min(wait * 1.5, LAST_WAIT);
      try {
        job = await api.get(path);
        misses = 0;
      } catch (error) {
        misses += 1;
        if (signal.aborted || !error.passing || misses > MISSES) throw error;
      }
    }
    return job;
  } catch (error) {
    if (signal.aborted) {
      bar.end();
      await cancel(api, kind, job.id).then(
        (answer) => say(endOf(kind, answer)),
        (failure) => say(`The ${kind} ${job.id} is still running: ${failure.message}`));
    }
    throw error;
  } finally {
    bar.end();
  }
}

/** A progress that programs read: each state of the job that differs from the one before. */
function lines({stderr, flags}) {
  let last = '';
  function show(label, done, total, pace, {id, status, progress: now}) {
    const state = JSON.stringify({id, status, done, total});
    if (state !== last && !flags.quiet) stderr.write(`${json({id, status, progress: now}, 0)}\n`);
    last = state;
  }
  return {show, end() {}};
}

/** Ask the server to stop a job, and get it; its own time limit, so that it works after Ctrl-C. */
export const cancel = (api, kind, id) =>
  api.delete(jobPath(kind, id), AbortSignal.timeout(CANCEL_LIMIT));

/** What became of a job that was to be stopped: one that was over by then stays as it is. */
export const endOf = (kind, {id, status}) => status === 'canceled'
  ? `Canceled ${kind} ${id}.`
  : `Nothing was canceled: the ${kind} ${id} is ${status} already.`;

/** How many rows of an import failed or met a conflict. */
export const notDone = ({counts = {}}) =>
  NOT_DONE.reduce((sum, result) => sum + (counts[result] ?? 0), 0);

/** `completed`, or `completed, 2 failed` of an import with rows that failed. */
export const statusOf = (job) => job.status === 'completed' && notDone(job)
  ? `${job.status}, ${count(notDone(job))} failed` : job.status;

/** The colour of a job's status. */
export const styleOf = (job) =>
  job.status === 'failed' || notDone(job) ? 'red'
    : {completed: 'green', planned: 'green', canceled: ''}[job.status] ?? 'yellow';

/** Throw what a job that ended badly says about it. */
export function demandCompleted(kind, job) {
  if (['completed', 'planned', 'held'].includes(job.status)) return;
  if (job.status === 'canceled') throw new CliError(`The ${kind} ${job.id} was canceled.`);
  if (job.status === 'failed') throw new CliError(`The ${kind} ${job.id} failed: ${job.error}`);
  throw new CliError(`The ${kind} ${job.id} is still ${job.status}. Try again when it is done: ` +
    `altera job show ${job.id}`);
}
