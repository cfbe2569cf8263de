/** How far a job is: a bar on a terminal, a plain line now and then anywhere else. */
import {columnsOf, cut} from './terminal.js';
import {bytes, clean, count, oneLine} from './text.js';

const BAR = 16;
const REDRAWN = 100; // milliseconds between two drawings of a bar with names below it
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

/** Rows of a download, whose size nobody knows before its end. */
const inRowsAndBytes = (done, total, {received}) => `${inRows(done, total)}, ${bytes(received)}`;

/**
 * Returns {show(label, done, total, more), end()}; `total` null when nobody knows it, `more` is
 * what `describe` takes besides. On a terminal the texts `more.below` stand below the bar.
 */
export function progress({stderr, env, flags}, describe) {
  const live = stderr.isTTY && env.TERM !== 'dumb' && !flags.quiet;
  const plain = !live && !flags.quiet && !flags.json;
  let last = Date.now();
  let drawn = 0;
  let below = false;
  let shown = false;

  function show(label, done = 0, total = null, more = {}) {
    if (!live && !plain) return;
    const facts = done || total ? (more.describe ?? describe)(done, total, more) : '';
    const text = clean(facts ? `${label}: ${facts}` : label);
    if (live && more.below) {
      if (Date.now() - drawn < REDRAWN && done !== total) return;
      [drawn, below] = [Date.now(), true];
    }
    if (live) {
      // Of 80 columns the bar and its figures need each: what is done was said in the line before.
      // All objects read is not yet the end: a full bar would say so.
      const line = total && done < total ? `${bar(done / total)} ${clean(facts)}` : text;
      const lines = [line, ...(more.below ?? []).map((name) => `  ${oneLine(name)}`)];
      const whole = lines.map((one) => cut(one, columnsOf(stderr) - 1)).join('\n\r\u001b[K');
      const up = lines.length > 1 ? `\u001b[${lines.length - 1}A` : '';
      stderr.write(`\r\u001b[${more.below ? 'J' : 'K'}${whole}${up}`);
      shown = true;
    } else if (plain && Date.now() - last > QUIET) {
      stderr.write(`${text}\n`);
      last = Date.now();
    }
  }

  function end() {
    if (shown) stderr.write(`\r\u001b[${below ? 'J' : 'K'}`);
    shown = false;
  }

  return {show, end};
}

function bar(part) {
  const full = Math.floor(BAR * Math.max(part, 0));
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`;
}

/**
 * Shows on `bar` how far a download is: in bytes where the server says how many there are, else in
 * the `total` rows (or objects) that a file with this ending has, else in bytes so far.
 */
export function downloadMeter(bar, ending, total) {
  const rows = ending === 'csv' ? csvRows() : ending === 'jsonl' ? lines() : null;
  let received = 0;
  let size = null;
  return {
    start({status, headers}) {
      if (status === 206) return;
      size = Number(headers.get('content-length')) || null;
      received = 0;
      rows?.reset();
    },
    read(chunk) {
      received += chunk.length;
      const done = rows?.read(chunk) ?? 0;
      if (size || !rows || !total) {
        const label = total ? `Downloading ${count(total)} rows` : 'Downloading';
        bar.show(label, received, size, {describe: inBytes});
      } else {
        const describe = inRowsAndBytes;
        bar.show('Downloading', Math.min(Math.max(done, 0), total), total, {describe, received});
      }
    },
  };
}

const NEWLINE = 10;
const QUOTE = 34;

function lines() {
  let done = 0;
  return {
    reset() {
      done = 0;
    },
    read(chunk) {
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) done += 1;
      return done;
    },
  };
}

/** Counts the lines that end outside quotes, without the header. */
function csvRows() {
  let [done, quoted] = [-1, false];
  return {
    reset() {
      [done, quoted] = [-1, false];
    },
    read(chunk) {
      for (const byte of chunk) {
        if (byte === QUOTE) quoted = !quoted;
        else if (byte === NEWLINE && !quoted) done += 1;
      }
      return done;
    },
  };
}
