/**
 * Excel (ECMA-376 SpreadsheetML), streamed: `fflate` makes the zip, sheets are written row by row, so a million rows need no
 * more memory than one. Texts are inline strings: Excel never runs them as formulas. Dates and times stay the database's
 * text: Excel's own are days since 1900 without a zone, and would be others than those in the database.
 */
import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { Container, ExportCell, TextFormat } from './format.ts';
import { distinct } from './format.ts';

/** Excel's own limits: support.microsoft.com "Excel specifications and limits". */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;
const MAX_CELL = 32_767;
/** Digits that a double holds for certain; longer numbers go out as text, with every digit. */
const SAFE_DIGITS = 15;
/** A file in a zip without the zip64 extension is shorter than 4 GiB; a character takes at most three bytes. UTF-16 units. */
const MAX_SHEET_TEXT = 2 ** 30;
/** The zip itself has the same limit, its directory included. Bytes. */
const MAX_ZIP = 2 ** 32 - 2 ** 16;
/** Parts two sheets in the text; never in XML 1.0, and `escaped` lets none through. */
const NEXT_SHEET = '\f';

/**
 * Rows beyond Excel's last one go on in the next sheet, under the same header.
 * @param rowsPerSheet header included
 * @throws RangeError (`begin`) for more columns than Excel has; (`container`) for a file of more than 4 GiB
 */
export function xlsx(rowsPerSheet = MAX_ROWS): TextFormat {
  let head = '';
  let text = 0;
  let rows = 0;
  return {
    begin: (columns) => {
      if (columns.length > MAX_COLUMNS) throw new RangeError(`Excel holds at most ${MAX_COLUMNS.toLocaleString('en')} columns. Export as CSV instead.`);
      head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>${row(distinct(columns).map((v) => ({ v })))}`;
      return head;
    },
    row(cells) {
      const made = row(cells);
      text += made.length;
      if (++rows < rowsPerSheet && text < MAX_SHEET_TEXT) return made;
      rows = 1;
      text = made.length;
      return `${END_OF_SHEET}${NEXT_SHEET}${head}${made}`;
    },
    end: () => END_OF_SHEET,
    container: zipped,
  };
}

const END_OF_SHEET = '</sheetData></worksheet>';

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

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** What holds the sheets together; written last, when their number is known. */
function parts(sheets: readonly number[]): readonly (readonly [string, string])[] {
  const each = (text: (n: number) => string): string => sheets.map(text).join('');
  return [
    ['[Content_Types].xml', `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET}.sheet.main+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${SPREADSHEET}.worksheet+xml"/>`)}</Types>`],
    ['_rels/.rels', `<Relationships xmlns="${RELATIONSHIPS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ['xl/workbook.xml', `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheets>${each((n) => `<sheet name="${n === 1 ? 'Result' : `Result ${n}`}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `<Relationships xmlns="${RELATIONSHIPS}">${each((n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}</Relationships>`],
  ];
}

function zipped(): Container {
  let ready: Uint8Array[] = [];
  let bytes = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ZIP) throw new RangeError('An Excel file holds at most 4 GiB. Export as CSV instead.');
  });
  const sheets: number[] = [];
  const nextSheet = (): ZipDeflate => {
    sheets.push(sheets.length + 1);
    const made = new ZipDeflate(`xl/worksheets/sheet${sheets.length}.xml`, { level: 6 });
    zip.add(made);
    return made;
  };
  let sheet = nextSheet();
  const endSheet = (): void => { sheet.push(new Uint8Array(0), true); };
  const taken = (): Uint8Array => {
    const all = Buffer.concat(ready);
    ready = [];
    return all;
  };
  return {
    write(text) {
      for (const [index, piece] of text.split(NEXT_SHEET).entries()) {
        if (index > 0) { endSheet(); sheet = nextSheet(); }
        if (piece !== '') sheet.push(strToU8(piece));
      }
      return taken();
    },
    finish() {
      endSheet();
      for (const [name, xml] of parts(sheets)) {
        const part = new ZipDeflate(name);
        zip.add(part);
        part.push(strToU8(XML + xml), true);
      }
      zip.end();
      return taken();
    },
  };
}
