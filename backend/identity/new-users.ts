/** Makes a users file for a first start: tokens are returned once and only their hashes are kept. */
import { stringify } from 'yaml';
import { newToken } from './tokens.ts';

export interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly groups?: readonly string[];
  readonly kind?: 'person' | 'agent' | 'service';
  readonly owner?: string;
  readonly aliases?: readonly string[];
}

export interface NewUsers {
  /** Text of the users file. */
  readonly yaml: string;
  /** Token by user id. */
  readonly tokens: Readonly<Record<string, string>>;
}

export function newUsers(people: readonly NewUser[]): NewUsers {
  const tokens: Record<string, string> = {};
  const users = people.map((person) => {
    const { token, hash } = newToken();
    tokens[person.id] = token;
    return { ...person, tokens: [hash] };
  });
  return { yaml: stringify({ users }), tokens };
}
