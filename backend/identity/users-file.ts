/** People, agents and their roles from a YAML file. Messages name file, line and column; the file holds hashes, no tokens. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { memberships, type Authenticator, type Subject } from './identity.ts';
import { hashMatches, hashToken } from './tokens.ts';

/** While the user is away (ms since the epoch), `delegate` decides in their place. */
export interface Absence { readonly from: number; readonly to: number; readonly delegate: string }

export interface UserEntry extends Subject {
  readonly away?: Absence;
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
const knownKeys = new Set(['id', 'name', 'roles', 'groups', 'tokens', 'kind', 'owner', 'aliases', 'away']);

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
    const delegate = user.away?.delegate;
    if (delegate !== undefined && (delegate === user.id || !users.some((other) => other.id === delegate && other.kind === 'person'))) {
      at(list.items[index] as Node, `the delegate "${delegate}" of "${user.id}" is not another person in this file`);
    }
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
  const away = readAbsence(map, fail);
  if (!good) return undefined;
  return { id, name, roles, groups, aliases, kind: kind as UserEntry['kind'], tokens, ...(owner === undefined ? {} : { owner }), ...(away ? { away } : {}) };
}

function readAbsence(map: YAMLMap, fail: (node: unknown, message: string) => void): Absence | undefined {
  const node = map.get('away', true);
  if (node === undefined) return undefined;
  const [from, to] = isMap(node) ? ['from', 'to'].map((key) => Date.parse(String(node.get(key)))) : [];
  const delegate = isMap(node) ? node.get('delegate') : undefined;
  if (from !== undefined && to !== undefined && from < to && typeof delegate === 'string') return { from, to, delegate };
  fail(node, '"away" must be {from: date, to: date, delegate: id}');
  return undefined;
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

/** Aliases work both ways and through each other: whoever lists me is me. */
function otherIdsOf(entry: UserEntry, users: readonly UserEntry[]): readonly string[] {
  const ids = new Set([entry.id, ...entry.aliases]);
  for (let grown = true; grown; ) {
    const before = ids.size;
    for (const user of users) {
      if (user.aliases.some((alias) => ids.has(alias)) || (ids.has(user.id) && user.kind === entry.kind)) for (const id of [user.id, ...user.aliases]) ids.add(id);
    }
    grown = ids.size > before;
  }
  ids.delete(entry.id);
  return [...ids];
}

/** The entry without its secrets, with the places it takes for people who are away. */
export function subjectOfEntry(entry: UserEntry, users: readonly UserEntry[], now: number): Subject {
  const { tokens: _tokens, away: _away, ...rest } = entry;
  const subject = { ...rest, aliases: otherIdsOf(entry, users) };
  const delegations = users
    .filter(({ away }) => away?.delegate === entry.id && away.from <= now && now < away.to)
    .map((user) => ({ from: [user.id, ...user.aliases], memberships: [user.id, ...memberships(user)] }));
  return delegations.length > 0 ? { ...subject, delegations } : subject;
}

/** Signs in by the file's tokens. Every token of every user is compared, so the time taken says nothing of which one matched. */
export function fileAuthenticator(users: () => readonly UserEntry[], now: () => number): Authenticator {
  return {
    async authenticate(token) {
      let found: { user: UserEntry; expiresAt?: number } | undefined;
      const tokenHash = hashToken(token);
      for (const user of users()) {
        for (const { hash, expiresAt } of user.tokens) {
          if (hashMatches(tokenHash, hash)) found = { user, ...(expiresAt === undefined ? {} : { expiresAt }) };
        }
      }
      if (!found) return { ok: false, why: 'The token is not known here' };
      if (found.expiresAt !== undefined && found.expiresAt <= now()) return { ok: false, why: 'The token has expired' };
      return { ok: true, subject: subjectOfEntry(found.user, users(), now()) };
    },
    find(id) {
      const user = users().find((candidate) => candidate.id === id || candidate.aliases.includes(id));
      return user && subjectOfEntry(user, users(), now());
    },
  };
}
