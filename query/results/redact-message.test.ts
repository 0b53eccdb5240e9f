import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { builtinPacks } from '#rules';
import { redactMessage } from './redact-message.ts';

const detector = createDetector(builtinPacks(), createRe2());

for (const [message, statement, expected] of [
  ['invalid input syntax for type integer: "123-45-6789"', 'select cast(ssn as int) from customers', 'invalid input syntax for type integer: "…"'],
  ["XPATH syntax error: '~Ann Lee~'", 'select extractvalue(1, concat(0x7e, name)) from customers', "XPATH syntax error: '…'"],
  ["Duplicate entry 'ann' for key 'name'", 'insert into t (name) select name from c', "Duplicate entry '…'"],
  ['Key (email)=(ann) already exists.', 'insert into t select email from c', 'Key (email)=(…) already exists.'],
  ["Conversion failed when converting the varchar value 'O'Neil' to data type int.", 'select cast(name as int) from c', "Conversion failed when converting the varchar value '…' to data type int."],
  ["invalid value 'never closed: Ann", 'select 1', undefined],
  ['no such column: nme', 'select nme from c', 'no such column: nme'],
  ['column "nme" does not exist', 'select nme from c', 'column "nme" does not exist'],
  ['value 123456789 is out of range', 'select ssn::smallint from c', 'value … is out of range'],
  ['bad value ann.lee@acme-corp.io here', 'select email from c', undefined],
] as const) {
  test(`an error message keeps only what the statement says: ${message}`, () => {
    const shown = redactMessage(message, statement, detector);
    if (expected !== undefined) assert.equal(shown, expected);
    for (const secret of ['123-45-6789', '123456789', 'Ann', 'Neil', 'ann.lee']) assert.ok(!shown.includes(secret), shown);
  });
}
