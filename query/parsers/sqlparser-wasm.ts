/**
 * Our own binding to datafusion-sqlparser-rs (`@guanmingchiu/sqlparser-ts`' wasm file). The library's JavaScript
 * keeps one instance for ever, and that instance is dead after a trap (deep expressions overflow its stack);
 * this binding makes a fresh instance instead. It uses one export, `parse_sql_to_json_string`.
 */
import type { ParseOutcome } from '#core/statement/analyse.ts';
import { type ImportFunction, wasm, type WasmMemory, type WasmModule, type WasmTable } from './web-assembly.ts';

interface Exports {
  readonly memory: WasmMemory;
  readonly parse_sql_to_json_string: (dialect: number, dialectLength: number, sql: number, sqlLength: number) => [number, number, number, number];
  readonly __wbindgen_malloc: (size: number, align: number) => number;
  readonly __wbindgen_free: (pointer: number, size: number, align: number) => void;
  readonly __externref_table_alloc: () => number;
  readonly __externref_table_dealloc: (index: number) => void;
  readonly __wbindgen_externrefs: WasmTable;
  readonly __wbindgen_start: () => void;
}

/** The library's names of dialects. */
export const genericDialects = ['sqlite', 'mysql', 'mssql', 'generic'] as const;
export type GenericDialectName = (typeof genericDialects)[number];

export interface GenericParser { parse(text: string, dialect: GenericDialectName): ParseOutcome }
export interface JsonParser {
  /** The tree as JSON text. */
  parseToJson(text: string, dialect: GenericDialectName): { readonly ok: true; readonly json: string } | { readonly ok: false; readonly failure: 'syntax' | 'crashed' };
}

/** Compiles once; instantiates now and after each trap. Synchronous: 3 MB take a few milliseconds. */
export function createGenericParser(bytes: Uint8Array<ArrayBuffer>): JsonParser {
  const module = new wasm.Module(bytes);
  let exports: Exports | undefined = instantiate(module);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  const write = (to: Exports, text: string): { pointer: number; length: number } => {
    const bytes = encoder.encode(text);
    const pointer = to.__wbindgen_malloc(bytes.length, 1) >>> 0;
    new Uint8Array(to.memory.buffer).set(bytes, pointer);
    return { pointer, length: bytes.length };
  };

  return {
    parseToJson(text, dialect) {
      try {
        exports ??= instantiate(module);
        const wasmDialect = write(exports, dialect);
        const sql = write(exports, text);
        const [pointer, length, error, failed] = exports.parse_sql_to_json_string(wasmDialect.pointer, wasmDialect.length, sql.pointer, sql.length);
        if (failed) {
          exports.__externref_table_dealloc(error);
          return { ok: false, failure: 'syntax' };
        }
        const start = pointer >>> 0;
        const json = decoder.decode(new Uint8Array(exports.memory.buffer).subarray(start, start + length));
        exports.__wbindgen_free(pointer, length, 1);
        return { ok: true, json };
      } catch {
        // A trap leaves the instance's memory in an unknown state: never use it again.
        exports = undefined;
        return { ok: false, failure: 'crashed' };
      }
    },
  };
}

function instantiate(module: WasmModule): Exports {
  let exports: Exports | undefined;
  const text = (pointer: number, length: number): string => {
    if (!exports) return '';
    const start = pointer >>> 0;
    return new TextDecoder().decode(new Uint8Array(exports.memory.buffer).subarray(start, start + length));
  };
  // Names end in a hash of their signature: match by what stands before it. Functions that only conversions to
  // JavaScript objects need throw, which reads as a crash, never as a result.
  const implementations: readonly (readonly [string, (...args: never[]) => unknown])[] = [
    ['__wbindgen_init_externref_table', () => {
      const table = exports?.__wbindgen_externrefs;
      if (!table) return;
      const offset = table.grow(4);
      table.set(0, undefined);
      [undefined, null, true, false].forEach((value, index) => { table.set(offset + index, value); });
    }],
    ['__wbindgen_cast_', () => 'value'],
    ['__wbg_Error_', (pointer: number, length: number) => new Error(text(pointer, length))],
    ['__wbg_new_', () => new Error('parse error')],
    ['__wbg_stack_', () => undefined],
    ['__wbg_error_', () => undefined],
    ['__wbg_set_', () => undefined],
    ['__wbg___wbindgen_throw_', () => { throw new Error('thrown by the parser'); }],
  ];
  const imports: Record<string, Record<string, ImportFunction>> = {};
  for (const { module: from, name, kind } of wasm.Module.imports(module)) {
    if (kind !== 'function') continue;
    const implementation = implementations.find(([prefix]) => name.startsWith(prefix))?.[1];
    const group = imports[from] ?? {};
    group[name] = implementation ?? (() => { throw new Error(`${name} is not used`); });
    imports[from] = group;
  }
  exports = new wasm.Instance(module, imports).exports as unknown as Exports;
  exports.__wbindgen_start();
  return exports;
}
