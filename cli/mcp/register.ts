/** The `mcp` command and its options. */
import type { Command } from 'commander';
import { UserError } from '../exit.ts';
import type { Process } from '../process.ts';

interface McpFlags { connections?: string; backend?: string; agent?: string; policy?: string }

export function addMcpCommand(program: Command, process: Process, done: (code: number) => void): void {
  program.command('mcp')
    .description('Serve AI agents over the Model Context Protocol (stdio): scan, mask, and query through the gate.')
    .option('--connections <file>', 'databases, as in the editor\'s setting piiGate.connections; only those with "agents": true count')
    .option('--backend <url>', 'approval backend; the token comes from PII_GATE_TOKEN')
    .option('--agent <name>', 'name that reviewers see (default: as the client introduces itself)')
    .option('--policy <file>', 'workspace policy (default .pii-gate.yaml, if there is one)')
    .addHelpText('after', '\nPasswords by connection id come from PII_GATE_PASSWORDS (JSON).\nExample, in the settings of an MCP client:\n  {"command": "pii-gate", "args": ["mcp", "--connections", "connections.yaml", "--backend", "https://gate.example.com"], "env": {"PII_GATE_TOKEN": "…"}}\n')
    .action(async (flags: McpFlags) => {
      const { env } = process;
      const url = flags.backend ?? env.PII_GATE_BACKEND_URL;
      const token = env.PII_GATE_TOKEN ?? '';
      if (url !== undefined && url !== '' && token === '') throw new UserError('mcp: --backend needs your token in PII_GATE_TOKEN.');
      const { serveMcp } = await import('./command.ts');
      const { readAgentConnections } = await import('./connections.ts');
      const { loadPolicy } = await import('../policy.ts');
      const { maskingKey } = await import('../mask/key.ts');
      done(await serveMcp({
        ...readAgentConnections(flags.connections, process.cwd, env),
        here: process.here, cwd: process.cwd, policy: loadPolicy(flags.policy, process.cwd).policy, key: maskingKey(env.PII_GATE_KEY),
        err: process.stderr, stopped: process.stopped,
        ...(flags.agent === undefined ? {} : { agent: flags.agent }),
        ...(url === undefined || url === '' ? {} : { backend: { ...(env.PII_GATE_BACKEND === undefined ? {} : JSON.parse(env.PII_GATE_BACKEND) as object), url, token } }),
        ...(env.PII_GATE_INSTALLATION_KEY === undefined ? {} : { installationKey: env.PII_GATE_INSTALLATION_KEY }),
      }));
    });
}
