/** How far a job is: a bar on a terminal, a plain line now and then anywhere else. */
import {clean, count} from './text.js';

const BAR = 24;
const QUIET = 15_000; // milliseconds between two plain lines

/** Returns {show(label, done, total, amount), end()}; `total` null when nobody knows it. */
export function progress({stderr, env}, amount = (number) => `${count(number)} rows`) {
  const live = stderr.isTTY && env.TERM !== 'dumb';
  let last = null;
  let lastAt = 0;

  function show(label, done = 0, total = null) {
    const text = `${label}${done || total ? ` ${amount(done)}` : ''}${
      total ? ` of ${amount(total)}` : ''}`;
    if (live) {
      const line = clean(total ? `${bar(done / total)} ${text}` : text);
      stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns || 80) - 1)}`);
    } else if (label !== last || Date.now() - lastAt > QUIET) {
      stderr.write(`${clean(text)}\n`);
      lastAt = Date.now();
    }
    last = label;
  }

  function end() {
    if (live && last !== null) stderr.write('\r\u001b[K');
    last = null;
  }

  return {show, end};
}

function bar(part) {
  const full = Math.round(BAR * Math.min(Math.max(part, 0), 1));
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`;
}
