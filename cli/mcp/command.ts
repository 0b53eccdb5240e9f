/** `pii-gate mcp`: a Model Context Protocol server over stdio. Standard output belongs to the protocol alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { Ajv } from 'ajv';
import { createMasker } from '#core/masking/create.ts';
import type { WorkspacePolicy } from '#core/policy/workspace-policy.ts';
import type { BackendSettings } from '#core/wire/protocol.ts';
import { createEngine, type FileEngine } from '#files/engine.ts';
import { exit } from '../exit.ts';
import type { AgentConnections } from './connections.ts';
import { type GateProcess, startGateProcess } from './gate-process.ts';
import { createTools } from './tools.ts';

export interface McpRequest extends AgentConnections {
  readonly here: string;
  readonly cwd: string;
  readonly policy: WorkspacePolicy;
  readonly key: Uint8Array;
  /** Name of the agent; absent: as the client introduces itself. */
  readonly agent?: string;
  readonly backend?: BackendSettings;
  readonly installationKey?: string;
  readonly err: NodeJS.WritableStream;
  readonly stopped: () => Promise<void>;
}

/** A name of an agent is shown to reviewers: short, one line. */
const nameMost = 80;

/** Resolves with the exit code when the client hangs up or the program is asked to end. */
export async function serveMcp(request: McpRequest): Promise<number> {
  const { version } = JSON.parse(readFileSync(join(request.here, '..', 'package.json'), 'utf8')) as { version: string };
  const server = new Server({ name: 'pii-gate', title: 'PII Gate', version }, {
    capabilities: { tools: {} },
    instructions: 'Finds and masks personal data in text, and queries databases through PII Gate: personal data comes back masked, sensitive statements ask a person first.',
  });
  let engine: FileEngine | undefined;
  let gate: Promise<GateProcess> | undefined;
  const engineOf = (): FileEngine => (engine ??= createEngine(request.policy, {}));
  const startGate = (): Promise<GateProcess> => {
    gate ??= startGateProcess({ ...request, log: (line) => void request.err.write(`${line}\n`) });
    gate.catch(() => { gate = undefined; }); // The next call tries again.
    return gate;
  };
  const tools = createTools({
    connections: request.connections, policy: request.policy, gate: startGate, engine: engineOf, masker: () => createMasker(request.key, engineOf().detector),
    agent: () => (request.agent ?? server.getClientVersion()?.name ?? 'agent').replaceAll(/[\s\p{Cc}]+/gu, ' ').slice(0, nameMost),
  });
  const ajv = new Ajv({ strict: false, allowUnionTypes: true });
  const checks = new Map(tools.map((tool) => [tool.name, { tool, valid: ajv.compile(tool.inputSchema) }]));

  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, title, description, inputSchema, readOnly }) => ({
      name, title, description, inputSchema: { ...inputSchema, required: [...inputSchema.required ?? []] }, annotations: { title, readOnlyHint: readOnly, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const found = checks.get(params.name);
    if (found === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${JSON.stringify(params.name.slice(0, 64))}.`);
    const input = params.arguments ?? {};
    // What was wrong, never with which value.
    if (!found.valid(input)) throw new McpError(ErrorCode.InvalidParams, ajv.errorsText(found.valid.errors, { dataVar: 'arguments' }));
    try {
      const { text, failed } = await found.tool.call(input, signal);
      return { content: [{ type: 'text', text }], ...(failed === true ? { isError: true } : {}) };
    } catch (error) {
      // A message may quote what was given: only its kind leaves.
      request.err.write(`pii-gate mcp: ${params.name} failed (${error instanceof Error ? error.name : typeof error})\n`);
      return { content: [{ type: 'text', text: 'failed: an internal error. The log of the server says where.' }], isError: true };
    }
  });
  const hungUp = new Promise<void>((resolve) => { server.onclose = resolve; });
  const transport = new StdioServerTransport();
  await server.connect(transport);
  process.stdin.once('end', () => void server.close());
  await Promise.race([hungUp, request.stopped()]);
  await server.close();
  await (await gate?.catch(() => undefined))?.close();
  return exit.clean;
}
