/** The approval backend of the sample: four people, tokens made anew in a private folder, loopback only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from './bundles.ts';

/** People of the sample and what they may do. */
export const samplePeople = [
  { id: 'dana', name: 'Dana Developer', roles: ['developer'] },
  { id: 'sam', name: 'Sam Steward', roles: ['data-steward'] },
  { id: 'devon', name: 'Devon Dba', roles: ['dba'] },
  { id: 'aria', name: 'Aria Auditor', roles: ['auditor'] },
] as const;
export type SamplePerson = (typeof samplePeople)[number]['id'];

export interface SampleBackend {
  readonly url: string;
  readonly tokens: Readonly<Record<SamplePerson, string>>;
  readonly dataDir: string;
  /** All that it has written so far, for tests that look for leaks. */
  output(): string;
  close(): Promise<void>;
}

/**
 * Starts `pii-gate serve` with the sample's people and resolves when it answers. Rejects with its output when it ends early.
 * @param policy YAML in place of the default policy
 */
export async function startSampleBackend(dataDir: string, port = 0, policy?: string): Promise<SampleBackend> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const tokens = Object.fromEntries(samplePeople.map((person) => [person.id, `pgt_${randomBytes(32).toString('base64url')}`])) as Record<SamplePerson, string>;
  const hash = (token: string) => createHash('sha256').update(token).digest('hex');
  const users = samplePeople.map((person) => `  - id: ${person.id}\n    name: ${person.name}\n    roles: [${person.roles.join(', ')}]\n    tokens: ["sha256:${hash(tokens[person.id])}"]`).join('\n');
  const usersFile = join(dataDir, 'users.yaml');
  writeFileSync(usersFile, `users:\n${users}\n`, { mode: 0o600 });
  const policyFile = join(dataDir, 'policy.yaml');
  if (policy !== undefined) writeFileSync(policyFile, policy);
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(dist, 'cli.js'), 'serve', '--data', dataDir, '--users', usersFile, '--port', String(port), ...(policy === undefined ? [] : ['--policy', policyFile])], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGTERM');
  process.once('exit', stop);
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /https?:\/\/[^\s"']+:\d+/.exec(output);
      if (address !== null) resolve(address[0]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the approval backend ended with ${code}:\n${output}`)));
  });
  return {
    url, tokens, dataDir,
    output: () => output,
    async close() {
      process.removeListener('exit', stop);
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      stop();
      await ended;
    },
  };
}
