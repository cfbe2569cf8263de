/** CSV: the rows of a file, and rows as a file. */

// What a spreadsheet would take for a formula; an apostrophe in front of it makes it text.
const FORMULA = /^[=+\-@\t\r]/;

/** The file of rows of cells. */
export const toCsv = (rows) => '\ufeff' + rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

function cell(value) {
  let text = String(value ?? '');
  if (typeof value === 'string' && FORMULA.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of a file, each a list of cells; its delimiter is that of the first line. */
export function fromCsv(text) {
  const file = text.replace(/^\ufeff/, '');
  const [first] = file.split(/\r?\n/, 1);
  const comma = [',', ';', '\t'].find((sign) => first.includes(sign)) ?? ',';
  const rows = [];
  let [row, value, quoted] = [[], '', false];
  const endRow = () => {
    if (row.length || value) rows.push([...row, value]);
    [row, value] = [[], ''];
  };
  for (let at = 0; at < file.length; at += 1) {
    const sign = file[at];
    if (quoted && sign === '"' && file[at + 1] === '"') [value, at] = [`${value}"`, at + 1];
    else if (sign === '"' && (quoted || !value)) quoted = !quoted;
    else if (quoted) value += sign;
    else if (sign === comma) [row, value] = [[...row, value], ''];
    else if (sign === '\n' || sign === '\r') endRow();
    else value += sign;
  }
  endRow();
  return rows;
}
