/** Text for a terminal: safe, aligned, readable. */

// C0 and C1 controls except newline and tab, and the characters that reverse the reading direction:
// a shop's data must not be able to move the cursor, retitle the window or hide what it says.
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

export const clean = (text) => text.replace(UNSAFE, '');

/** The same on a single line, for a cell or a list item; null is empty. */
export const oneLine = (value) => clean(String(value ?? '').replace(/\s*[\r\n]+\s*/g, '; '));

/** Indented JSON; what a terminal could obey stands as an escape, so the value is unchanged. */
export function json(value) {
  const escape = (character) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, 2).replace(UNSAFE, escape);
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

/** Rows of cells as lines with aligned columns. */
export function table(rows) {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = cells[0].map((_, column) =>
    Math.max(...cells.map((row) => [...row[column]].length)));
  return cells
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd())
    .join('\n');
}
