/** Tokens of the users file and of a provider side by side: the prefix says which one it is, so neither sees the other's. */
import type { Authenticator } from './identity.ts';

export function combineAuthenticators(file: Authenticator, provider: Authenticator | undefined): Authenticator {
  const find = file.find;
  return {
    authenticate: (token) => (provider && !token.startsWith('pgt_') && token.split('.').length === 3 ? provider.authenticate(token) : file.authenticate(token)),
    ...(find ? { find } : {}),
  };
}
