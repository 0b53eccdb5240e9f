/** Which values have names by where they stand, in each kind of document. */
import { contactCards } from './contact-cards.ts';
import type { Format } from './format.ts';
import { attributeFields, htmlTables } from './html-tables.ts';
import { embeddedSqlTables, sqlComparisons, sqlTables } from './sql-tables.ts';
import { inOrder, namedValue, type Table } from './table.ts';
import { textTables } from './text-tables.ts';
import { yamlBlocks } from './yaml-blocks.ts';

/** Status and size in access logs (Apache's common format): `HTTP/1.1" 200 2326`. */
function statusFields(text: string): Table[] {
  const found: Table[] = [];
  for (let at = text.indexOf('HTTP/'); at >= 0; at = text.indexOf('HTTP/', at + 5)) {
    const fields = /^HTTP\/\d(?:\.\d)?" (\d{3} (?:\d{1,12}|-))/.exec(text.slice(at, at + 40));
    if (fields) found.push(namedValue('status and size', at + fields[0].length - fields[1]!.length, at + fields[0].length));
  }
  return found;
}

/** In text order, not overlapping. A delimited file is one table and is not read here. */
export function structuredTables(text: string, format: Format): readonly Table[] {
  switch (format) {
    case 'sql': return inOrder([...sqlTables(text), ...sqlComparisons(text)]);
    case 'markdown':
    case 'text': return inOrder([...textTables(text, true), ...embeddedSqlTables(text)]);
    case 'log': return inOrder([...textTables(text), ...embeddedSqlTables(text), ...statusFields(text)]);
    case 'xml': return inOrder([...htmlTables(text), ...attributeFields(text)]);
    case 'yaml': return yamlBlocks(text);
    case 'code': return embeddedSqlTables(text);
    case 'vcard':
    case 'ldif': return inOrder(contactCards(text, format));
    case 'mail': return inOrder([...contactCards(text, 'mail'), ...textTables(text, true)]);
    default: return [];
  }
}
