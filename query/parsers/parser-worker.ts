/** A thread that does nothing but parse, so that a parse which takes too long can be ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { outcome, type ParserWorkerData, word } from './mailbox.ts';
import { createGenericParser, genericDialects } from './sqlparser-wasm.ts';

const { wasm, mailbox: { control, request, response } } = workerData as ParserWorkerData;
const parser = createGenericParser(wasm);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
// The first parse compiles most of the parser: it must not count against the first statement's time.
parser.parseToJson('WITH t AS (SELECT a, count(*) AS n FROM b JOIN c USING (d) WHERE e IN (1, 2) GROUP BY a) SELECT CASE WHEN n > 1 THEN lower(a) END FROM t ORDER BY 1 LIMIT 5', 'generic');
Atomics.store(control, word.ready, 1);
Atomics.notify(control, word.ready);
parentPort?.postMessage('ready');

for (let seen = 0; ;) {
  Atomics.wait(control, word.asked, seen);
  const asked = Atomics.load(control, word.asked);
  if (asked === seen) continue;
  seen = asked;
  const text = decoder.decode(request.slice(0, Atomics.load(control, word.requestLength)));
  const parsed = parser.parseToJson(text, genericDialects[Atomics.load(control, word.dialect)] ?? 'generic');
  let result: number = parsed.ok ? outcome.ok : outcome[parsed.failure];
  if (parsed.ok) {
    // encodeInto refuses shared memory.
    const bytes = encoder.encode(parsed.json);
    if (bytes.length > response.length) result = outcome.crashed;
    else {
      response.set(bytes);
      Atomics.store(control, word.responseLength, bytes.length);
    }
  }
  Atomics.store(control, word.outcome, result);
  Atomics.store(control, word.answered, asked);
  Atomics.notify(control, word.answered);
}
