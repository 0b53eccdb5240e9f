/** The little of `oidc-provider` (which ships no types) that the tests use. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  export interface Configuration {
    readonly [key: string]: unknown;
    readonly findAccount?: (context: unknown, sub: string) => { readonly accountId: string; claims(): Promise<Record<string, unknown>> } | undefined;
  }
  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }
}
