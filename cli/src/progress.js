/** How far a job is: a bar on a terminal, a plain line now and then anywhere else. */
import {bytes, clean, count} from './text.js';

const BAR = 16;
const QUIET = 10_000; // milliseconds between two plain lines

export const inRows = (done, total) =>
  total ? `${count(done)} of ${count(total)} rows` : `${count(done)} rows`;

/** Objects of the store, how fast, how long still; and the types that are not done yet. */
export function inObjects(done, total, {rate, seconds_left: left, types = {}} = {}) {
  const parts = [total ? `${count(done)} of ${count(total)} objects` : `${count(done)} objects`];
  if (rate) parts.push(`${count(rate)}/s`);
  if (left) parts.push(`${inTime(left)} left`);
  const open = Object.entries(types).filter(([, type]) => type.done < type.total);
  const each = open.map(([name, type]) => `${name} ${count(type.done)}/${count(type.total)}`);
  return parts.join(', ') + (each.length && Object.keys(types).length > 1 ? ` (${each.join(', ')})` : '');
}

const inTime = (seconds) => seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;

export const inBytes = (done, total) => total ? `${bytes(done)} of ${bytes(total)}` : bytes(done);

/**
 * Returns {show(label, done, total, more), end()}; `total` null when nobody knows it, `more` is
 * what `describe` takes besides.
 */
export function progress({stderr, env}, describe) {
  const live = stderr.isTTY && env.TERM !== 'dumb';
  let last = Date.now();
  let shown = false;

  function show(label, done = 0, total = null, more = {}) {
    const facts = done || total ? describe(done, total, more) : '';
    const text = clean(facts ? `${label}: ${facts}` : label);
    if (live) {
      // Of 80 columns the bar and its figures need each: what is done was said in the line before.
      const line = total ? `${bar(done / total)} ${clean(facts)}` : text;
      stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns || 80) - 1)}`);
      shown = true;
    } else if (Date.now() - last > QUIET) {
      stderr.write(`${text}\n`);
      last = Date.now();
    }
  }

  function end() {
    if (shown) stderr.write('\r\u001b[K');
    shown = false;
  }

  return {show, end};
}

function bar(part) {
  const full = Math.round(BAR * Math.min(Math.max(part, 0), 1));
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`;
}
