/** A workbook of one sheet (ECMA-376), as small as programs read it. */
import {zippedParts} from './zip.js';

const NAMESPACE = 'http://schemas.openxmlformats.org';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const INVALID = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** The bytes of a workbook; of the rows the first is the header. Numbers are numbers. */
export function workbook(name, rows) {
  const office = `${NAMESPACE}/officeDocument/2006/relationships`;
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return zippedParts({
    '[Content_Types].xml': `${HEAD}<Types xmlns="${NAMESPACE}/package/2006/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`,
    '_rels/.rels': relations(`${office}/officeDocument`, 'xl/workbook.xml'),
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${NAMESPACE}/spreadsheetml/2006/main" xmlns:r="${office}">` +
      `<sheets><sheet name="${escaped(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(`${office}/worksheet`, 'worksheets/sheet1.xml'),
    'xl/worksheets/sheet1.xml': `${HEAD}<worksheet xmlns="${NAMESPACE}/spreadsheetml/2006/main">` +
      `<sheetData>${rows.map((cells) => `<row>${cells.map(cell).join('')}</row>`).join('')}` +
      '</sheetData></worksheet>',
  });
}

const relations = (type, target) => `${HEAD}<Relationships xmlns="${NAMESPACE}/package/2006/relationships">` +
  `<Relationship Id="rId1" Type="${type}" Target="${target}"/></Relationships>`;

const cell = (value) => (typeof value === 'number'
  ? `<c><v>${value}</v></c>`
  : `<c t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`);

const escaped = (text) => String(text).replace(INVALID, '')
  .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
