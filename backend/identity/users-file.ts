/** People, agents and their roles from a YAML file. Messages name file, line and column; the file holds hashes, no tokens. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { Authenticator, Subject } from './identity.ts';
import { tokenMatches } from './tokens.ts';

export interface UserEntry extends Subject {
  readonly tokens: readonly { readonly hash: string; /** Milliseconds since the epoch. */ readonly expiresAt?: number }[];
}

export interface UsersProblem { readonly line: number; readonly column: number; readonly message: string }

export type UsersFile =
  | { readonly ok: true; readonly users: readonly UserEntry[] }
  | { readonly ok: false; readonly problems: readonly UsersProblem[] };

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._@:+-]{0,127}$/;
/** Decisions that no person took carry these. */
const reservedIds = new Set(['policy', 'system']);
const hashPattern = /^sha256:[0-9a-f]{64}$/i;
const knownKeys = new Set(['id', 'name', 'roles', 'groups', 'tokens', 'kind', 'owner', 'aliases']);

/** Reads `users: [{id, name, roles, groups?, tokens: [sha256:…], kind?, owner?, aliases?}]`. Never throws. */
export function parseUsersFile(text: string): UsersFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  const problems: UsersProblem[] = [];
  const at = (node: Node | null | undefined, message: string): void => {
    const position = lines.linePos(node?.range?.[0] ?? 0);
    problems.push({ line: position.line, column: position.col, message });
  };
  for (const error of document.errors) {
    const position = lines.linePos(error.pos[0]);
    problems.push({ line: position.line, column: position.col, message: error.message.split('\n', 1)[0] ?? 'not YAML' });
  }
  const list = isMap(document.contents) ? document.contents.get('users', true) : undefined;
  if (!isSeq(list)) {
    if (problems.length === 0) at(document.contents as Node | null, 'expected `users:` with a list of users');
    return { ok: false, problems };
  }
  const users: UserEntry[] = [];
  for (const item of list.items) {
    if (!isMap(item)) {
      at(item as Node, 'expected a user: {id, name, roles, tokens}');
      continue;
    }
    const user = readUser(item, at);
    if (user && users.some((other) => other.id === user.id)) at(item, `the id "${user.id}" is used twice`);
    else if (user) users.push(user);
  }
  for (const [index, user] of users.entries()) {
    if (user.owner !== undefined && !users.some((other) => other.id === user.owner && other.kind === 'person')) {
      at(list.items[index] as Node, `the owner "${user.owner}" of "${user.id}" is not a person in this file`);
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, users };
}

function readUser(map: YAMLMap, at: (node: Node | null | undefined, message: string) => void): UserEntry | undefined {
  let good = true;
  const fail = (node: unknown, message: string): void => {
    good = false;
    at((node ?? map) as Node, message);
  };
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    if (!knownKeys.has(key)) fail(pair.key, `unknown key "${key}"; expected ${[...knownKeys].join(', ')}`);
  }
  const text = (key: string): string | undefined => {
    const node = map.get(key, true);
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === 'string' && node.value !== '') return node.value;
    fail(node, `"${key}" must be a text`);
    return undefined;
  };
  const texts = (key: string): string[] => {
    const node = map.get(key, true);
    if (node === undefined) return [];
    if (isSeq(node) && node.items.every((item) => isScalar(item) && typeof item.value === 'string')) {
      return node.items.map((item) => String((item as { value: unknown }).value));
    }
    fail(node, `"${key}" must be a list of texts`);
    return [];
  };
  const id = text('id') ?? '';
  if (!idPattern.test(id)) fail(map.get('id', true), '"id" must be 1 to 128 letters, digits or ._@:+-');
  if (reservedIds.has(id)) fail(map.get('id', true), `the id "${id}" is reserved`);
  const kind = text('kind') ?? 'person';
  if (kind !== 'person' && kind !== 'agent' && kind !== 'service') fail(map.get('kind', true), '"kind" must be person, agent or service');
  const owner = text('owner');
  if (kind === 'agent' && owner === undefined) fail(map, 'an agent needs an "owner": the person who answers for it');
  const roles = texts('roles');
  const groups = texts('groups');
  const aliases = texts('aliases');
  const name = text('name') ?? id;
  const tokens = readTokens(map, fail);
  if (!good) return undefined;
  return { id, name, roles, groups, aliases, kind: kind as UserEntry['kind'], tokens, ...(owner === undefined ? {} : { owner }) };
}

function readTokens(map: YAMLMap, fail: (node: unknown, message: string) => void): UserEntry['tokens'] {
  const node = map.get('tokens', true);
  if (node === undefined) return [];
  if (!isSeq(node)) {
    fail(node, '"tokens" must be a list');
    return [];
  }
  return node.items.flatMap((item) => {
    const hash = isMap(item) ? item.get('hash') : isScalar(item) ? item.value : undefined;
    const expires = isMap(item) ? item.get('expires') : undefined;
    if (typeof hash !== 'string' || !hashPattern.test(hash)) {
      fail(item, 'a token is kept as sha256:<64 hex digits>; make one with: pii-gate serve --new-token');
      return [];
    }
    if (expires === undefined) return [{ hash }];
    const expiresAt = Date.parse(String(expires));
    if (Number.isNaN(expiresAt)) {
      fail(item, '"expires" must be a date, e.g. 2027-01-31');
      return [];
    }
    return [{ hash, expiresAt }];
  });
}

/** Signs in by the file's tokens. Every token of every user is compared, so the time taken says nothing of which one matched. */
export function fileAuthenticator(users: () => readonly UserEntry[], now: () => number): Authenticator {
  return {
    async authenticate(token) {
      let found: { user: UserEntry; expiresAt?: number } | undefined;
      for (const user of users()) {
        for (const { hash, expiresAt } of user.tokens) {
          if (tokenMatches(token, hash)) found = { user, ...(expiresAt === undefined ? {} : { expiresAt }) };
        }
      }
      if (!found) return { ok: false, why: 'The token is not known here' };
      if (found.expiresAt !== undefined && found.expiresAt <= now()) return { ok: false, why: 'The token has expired' };
      const { tokens: _tokens, ...subject } = found.user;
      return { ok: true, subject };
    },
    find: (id) => users().find((user) => user.id === id || user.aliases.includes(id)),
  };
}
