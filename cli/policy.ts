/** The workspace policy on the command line: `.pii-gate.yaml` of the working folder, or the file that was named. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WorkspacePolicy } from '#core/policy/workspace-policy.ts';
import { type PolicySource, readPolicy } from '#files/engine.ts';
import { UserError } from './exit.ts';
import { reasonOf } from '#files/walk.ts';

export interface LoadedPolicy { readonly policy: WorkspacePolicy; readonly source: PolicySource }

const defaultName = '.pii-gate.yaml';

/** @throws UserError when the named file can't be read or a policy has problems: a scan must not quietly run under half a policy. */
export function loadPolicy(named: string | undefined, cwd: string): LoadedPolicy {
  const name = named ?? defaultName;
  let text = '';
  try {
    text = readFileSync(resolve(cwd, name), 'utf8');
  } catch (error) {
    if (named !== undefined || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw new UserError(`the policy ${name} ${reasonOf(error)}.`);
  }
  const { policy, problems } = readPolicy({ name, text });
  if (problems.length > 0) throw new UserError(problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`).join('\n'));
  return { policy, source: { name, text } };
}
