/** Text for a terminal: safe, aligned, readable. */
import {cut, pad, widthOf, wrap} from './terminal.js';

// C0 and C1 controls except newline and tab, the characters that set the reading direction, and the
// separators that some terminals take for a line's end: a shop's data must not be able to move the
// cursor, retitle the window, begin a line of its own or hide what it says.
const UNSAFE = new RegExp(
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]', 'g');

export const clean = (text) => text.replace(UNSAFE, '');

/** The same on a single line, for a cell or a list item; null is empty. */
export const oneLine = (value) =>
  clean(String(value ?? '').replace(/\s*[\r\n\u2028\u2029]+\s*/g, '; ').replaceAll('\t', ' '));

/** JSON, indented by default; control characters are escaped, so the value is unchanged. */
export function json(value, indent = 2) {
  const escape = (character) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, indent).replace(UNSAFE, escape);
}

export const count = (number) => number.toLocaleString('en');

export function bytes(number) {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  let power = 0;
  while (number >= 1000 && power < units.length - 1) {
    number /= 1000;
    power += 1;
  }
  return `${power ? number.toFixed(1) : number} ${units[power]}`;
}

/** A moment of the API in the user's own time, as `ls` has it: `Nov 29 09:08`, `Nov 29  2025`. */
export function localTime(iso, now = new Date()) {
  const when = new Date(iso);
  const day = when.toLocaleString('en-US', {month: 'short', day: '2-digit'});
  const time = {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'};
  return when.getFullYear() === now.getFullYear()
    ? `${day} ${when.toLocaleString('en-US', time)}` : `${day}  ${when.getFullYear()}`;
}

/** The same with its seconds and zone: `29 Nov 2026, 09:08:12 CET`. */
export const fullTime = (iso) => new Date(iso).toLocaleString('en-GB', {
  day: 'numeric', month: 'short', year: 'numeric',
  hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});

/** `1 row`, `2 rows` */
export const plural = (number, word) => `${count(number)} ${word}${number === 1 ? '' : 's'}`;

/**
 * Rows of cells as lines with aligned columns. `paint(text, row, column)` may colour a cell once
 * its width is known; `widths` are the most that columns may have. Of `columns` in all, the last
 * cell of a row goes on below itself.
 */
export function table(rows, {paint = (text) => text, widths: most = [], columns} = {}) {
  const cells = rows.map((row) => row.map((cell, column) =>
    cut(oneLine(cell), most[column] ?? Infinity)));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => widthOf(row[column]))));
  const below = ' '.repeat(widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0));
  return cells
    .map((row, number) => row
      .map((cell, column) => {
        const wrapped = column === row.length - 1
          ? wrap(below + cell, columns, below).slice(below.length) : pad(cell, widths[column]);
        return wrapped.split('\n').map((line) => {
          const text = line.trimStart();
          return line.slice(0, line.length - text.length) + paint(text, number, column);
        }).join('\n');
      })
      .join('  ').trimEnd())
    .join('\n');
}
