/** Which values have names by where they stand, in each kind of document. */
import { contactCards } from './contact-cards.ts';
import type { Format } from './format.ts';
import { attributeFields, htmlTables } from './html-tables.ts';
import { embeddedSqlTables, sqlComparisons, sqlTables } from './sql-tables.ts';
import { inOrder, type Table } from './table.ts';
import { textTables } from './text-tables.ts';
import { yamlBlocks } from './yaml-blocks.ts';

/** In text order, not overlapping. A delimited file is one table and is not read here. */
export function structuredTables(text: string, format: Format): readonly Table[] {
  switch (format) {
    case 'sql': return inOrder([...sqlTables(text), ...sqlComparisons(text)]);
    case 'markdown':
    case 'text': return inOrder([...textTables(text, true), ...embeddedSqlTables(text)]);
    case 'log': return inOrder([...textTables(text, true), ...embeddedSqlTables(text)]);
    case 'xml': return inOrder([...htmlTables(text), ...attributeFields(text)]);
    case 'yaml': return yamlBlocks(text);
    case 'code': return embeddedSqlTables(text);
    case 'vcard':
    case 'ldif': return inOrder(contactCards(text, format));
    case 'mail': return inOrder([...contactCards(text, 'mail'), ...textTables(text, true)]);
    default: return [];
  }
}
