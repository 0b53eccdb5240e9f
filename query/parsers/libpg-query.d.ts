/** The emscripten module inside libpg-query, which ships no types of its own. Only what the binding uses. */
declare module 'libpg-query/wasm/libpg-query.js' {
  export interface LibPgModule {
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, maxBytes: number): void;
    UTF8ToString(pointer: number): string;
    getValue(pointer: number, type: 'i32'): number;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(query: number): number;
    _wasm_free_parse_result(result: number): void;
  }
  export default function makeModule(options: { wasmBinary: Uint8Array }): Promise<LibPgModule>;
}
