/** The part of the WebAssembly JavaScript interface that the parser binding uses: the project compiles without the DOM's types. */

export type ImportFunction = (...args: never[]) => unknown;
declare const moduleBrand: unique symbol;
export interface WasmModule { readonly [moduleBrand]: true }
export interface WasmMemory { readonly buffer: ArrayBuffer }
export interface WasmTable {
  grow(by: number): number;
  set(index: number, value: unknown): void;
}

interface WasmInterface {
  readonly Module: {
    new (bytes: Uint8Array<ArrayBuffer>): WasmModule;
    imports(module: WasmModule): { module: string; name: string; kind: string }[];
  };
  readonly Instance: new (module: WasmModule, imports: Record<string, Record<string, ImportFunction>>) => { readonly exports: Record<string, unknown> };
}

export const wasm: WasmInterface = (globalThis as unknown as { readonly WebAssembly: WasmInterface }).WebAssembly;
