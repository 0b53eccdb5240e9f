/** The part of the WebAssembly JavaScript interface that the parser binding uses; the project compiles without the DOM's types. */
declare namespace WebAssembly {
  type ImportValue = (...args: never[]) => unknown;
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
    static imports(module: Module): { module: string; name: string; kind: string }[];
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, ImportValue>>);
    readonly exports: Record<string, unknown>;
  }
  class Memory { readonly buffer: ArrayBuffer }
  class Table {
    grow(by: number): number;
    set(index: number, value: unknown): void;
  }
}
