/**
 * Excel (ECMA-376 SpreadsheetML), one sheet, streamed: `fflate` makes the zip, the sheet is written row by row, so a
 * million rows need no more memory than one. Texts are inline strings: Excel never runs them as formulas.
 */
import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { Container, ExportCell, TextFormat } from './format.ts';
import { distinct } from './format.ts';

/** Excel's own limits: support.microsoft.com "Excel specifications and limits". */
const MAX_ROWS = 1_048_576;
const MAX_CELL = 32_767;
/** Digits that a double holds for certain; longer numbers go out as text, with every digit. */
const SAFE_DIGITS = 15;

/** `row` throws a RangeError beyond Excel's last row: a file that silently lacks rows would be worse. */
export function xlsx(): TextFormat {
  return {
    begin: (columns) => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>${row(distinct(columns).map((v) => ({ v })))}`,
    row(cells, index) {
      if (index + 2 > MAX_ROWS) throw new RangeError(`Excel holds at most ${MAX_ROWS.toLocaleString('en')} rows. Export as CSV instead.`);
      return row(cells);
    },
    end: () => '</sheetData></worksheet>',
    container: zipped,
  };
}

function row(cells: readonly ExportCell[]): string { return `<row>${cells.map(cell).join('')}</row>`; }

function cell({ v, literal }: ExportCell): string {
  if (v === null) return '<c/>';
  if (literal && (v === 'true' || v === 'false')) return `<c t="b"><v>${v === 'true' ? 1 : 0}</v></c>`;
  if (literal && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(v) && v.replace(/\D/g, '').length <= SAFE_DIGITS) return `<c><v>${v}</v></c>`;
  const text = v.length > MAX_CELL ? `${v.slice(0, MAX_CELL - 40)}… (cut, ${v.length} characters)` : v;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

/** XML 1.0 has no control characters: `_xHHHH_` stands for them (ECMA-376 part 1, 22.9.2.19), and for a literal `_x`. */
function escaped(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}

const parts: Readonly<Record<string, string>> = {
  '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  '_rels/.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  'xl/workbook.xml': '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Result" sheetId="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
};

function zipped(): Container {
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  for (const [name, xml] of Object.entries(parts)) {
    const part = new ZipDeflate(name);
    zip.add(part);
    part.push(strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${xml}`), true);
  }
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: 6 });
  zip.add(sheet);
  const taken = (): Uint8Array => {
    const bytes = Buffer.concat(ready);
    ready = [];
    return bytes;
  };
  return {
    write(text) { sheet.push(strToU8(text)); return taken(); },
    finish() { sheet.push(new Uint8Array(0), true); zip.end(); return taken(); },
  };
}
