/**
 * Our own binding to libpg-query's wasm build: the library keeps one instance for ever, which is unusable after a
 * stack overflow. This binding drops it and makes a fresh one; until that is ready (some milliseconds) parsing
 * answers `crashed`, so statements are sensitive meanwhile.
 */
import type { ParseOutcome } from '#core/statement/analyse.ts';
import makeModule, { type LibPgModule } from 'libpg-query/wasm/libpg-query.js';

export interface PostgresParser {
  parse(text: string): ParseOutcome;
  /** Resolves when an instance is usable again after a crash. */
  ready(): Promise<void>;
}

/** Loads the parser from the bytes of `libpg-query.wasm`. */
export async function createPostgresParser(wasm: Uint8Array<ArrayBuffer>): Promise<PostgresParser> {
  let instance: LibPgModule | undefined = await makeModule({ wasmBinary: wasm });
  let remaking = Promise.resolve();
  const remake = (): void => {
    instance = undefined;
    remaking = makeModule({ wasmBinary: wasm }).then((fresh) => { instance = fresh; }, () => undefined);
  };
  return {
    ready: () => remaking,
    parse(text) {
      if (!instance) return { ok: false, failure: 'crashed' };
      try {
        const length = instance.lengthBytesUTF8(text) + 1;
        const query = instance._malloc(length);
        instance.stringToUTF8(text, query, length);
        // struct PgQueryParseResult { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
        const result = instance._wasm_parse_query_raw(query);
        const tree = instance.getValue(result, 'i32');
        const error = instance.getValue(result + 8, 'i32');
        const outcome: ParseOutcome = error !== 0 || tree === 0
          ? { ok: false, failure: 'syntax' }
          : { ok: true, ast: JSON.parse(instance.UTF8ToString(tree)) };
        instance._free(query);
        instance._wasm_free_parse_result(result);
        return outcome;
      } catch {
        remake();
        return { ok: false, failure: 'crashed' };
      }
    },
  };
}
