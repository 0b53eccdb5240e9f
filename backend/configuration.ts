/** Users and policy from files that are read again when they change, or from a text that does not. */
import { readFileSync } from 'node:fs';
import type { AuditEvent } from './audit/record.ts';
import { parseUsersFile, type UserEntry } from './identity/users-file.ts';
import { watchLiveFile, type LiveFile } from './policy/live-file.ts';
import { parsePolicy } from './policy/parse.ts';
import type { Policy } from './policy/policy.ts';

export type Source = string | { readonly text: string };
type OnError = (where: string, error: unknown) => void;
type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

export function openUsers(source: Source, pollMs: number, onError: OnError): LiveFile<readonly UserEntry[]> {
  return open({
    source, pollMs,
    parse: (text, name): Parsed<readonly UserEntry[]> => {
      const parsed = parseUsersFile(text);
      return parsed.ok ? { ok: true, value: parsed.users } : { ok: false, problems: located(parsed.problems, name) };
    },
    same: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    onReplaced: async () => undefined,
    onRejected: async (problems) => onError('users', new Error(problems.join('\n'))),
  });
}

/** @param record writes what happened to the policy into the audit trail */
export function openPolicy(source: Source, pollMs: number, onError: OnError, record: (event: Pick<AuditEvent, 'type' | 'data'>) => Promise<void>): LiveFile<Policy> {
  return open({
    source, pollMs,
    parse: (text, name): Parsed<Policy> => {
      const parsed = parsePolicy(text, name);
      return parsed.ok ? { ok: true, value: parsed.policy } : { ok: false, problems: located(parsed.problems, name) };
    },
    same: (a, b) => a.version === b.version,
    onReplaced: (policy, before) => record({ type: 'policy.loaded', data: { policyVersion: policy.version, before: before.version, rules: policy.rules.length } }),
    onRejected: async (problems) => {
      onError('policy', new Error(problems.join('\n')));
      await record({ type: 'policy.rejected', data: { problems: problems.length } });
    },
  });
}

interface OpenOptions<T> {
  readonly source: Source;
  readonly pollMs: number;
  readonly parse: (text: string, name: string) => Parsed<T>;
  readonly same: (a: T, b: T) => boolean;
  readonly onReplaced: (value: T, before: T) => Promise<void>;
  readonly onRejected: (problems: readonly string[]) => Promise<void>;
}

/** The first version must be good: the service never starts half-protected. */
function open<T>({ source, parse, ...rest }: OpenOptions<T>): LiveFile<T> {
  const path = typeof source === 'string' ? source : undefined;
  const first = parse(path === undefined ? (source as { text: string }).text : readFileSync(path, 'utf8'), path ?? '(text)');
  if (!first.ok) throw new Error(first.problems.join('\n'));
  if (path === undefined) return { current: () => first.value, problems: () => [], reload: async () => false, close: () => undefined };
  return watchLiveFile({ ...rest, path, first: first.value, parse: (text) => parse(text, path) });
}

function located(problems: readonly { readonly line: number; readonly column: number; readonly message: string }[], name: string): readonly string[] {
  return problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`);
}
