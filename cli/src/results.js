/** The rows of an import's results, read one by one as they arrive. */
import {linesOf} from './lines.js';
import {oneLine} from './text.js';

const RESULT = 'Import Result';
const COMMENT = 'Import Comment';
const SHEET = 'Import Sheet';
const ROW = 'Import Row';
const NOT_A_NAME = [RESULT, COMMENT, SHEET, ROW, 'Command', 'Row #', 'Top Row'];
const STYLES = {created: 'green', updated: 'yellow', deleted: 'red', failed: 'red', conflict: 'red', skipped: 'dim'};

export const LINES = 'application/x-ndjson';

/**
 * Yields {number, sheet, name, result, comment}; `number` counts as a spreadsheet does, header first,
 * and `sheet` is the sheet's name where there are several.
 */
export async function* resultRows(api, path) {
  const response = await api.open(path, {accept: LINES});
  let number = 1;
  for await (const line of linesOf(response, 'The list of rows')) {
    const row = JSON.parse(line);
    number += 1;
    const [column, value] = Object.entries(row).find(([header, cell]) =>
      cell !== null && cell !== '' && !NOT_A_NAME.includes(header)) ?? [];
    yield {
      number: row[ROW] ?? number,
      sheet: row[SHEET],
      name: column ? `${column} ${value}` : '',
      result: row[RESULT],
      comment: row[COMMENT],
      row,
    };
  }
}

/** `row 3  updated  Path /old  Target: /a -> /b`, with the result in its colour. */
export const describeRow = ({number, sheet, name, result, comment}, paint = (style, text) => text) =>
  [sheet === undefined ? `row ${number}` : `${sheet}, row ${number}`, result, name, comment].map(oneLine).filter(Boolean)
    .map((part) => part === result ? paint(STYLES[part], part) : part).join('  ');
