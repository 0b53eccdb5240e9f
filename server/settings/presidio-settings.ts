/** `piiGate.providers.presidio` → options. Anything odd switches it off and is reported: text must not go to a half-read address. */
import type { PresidioOptions } from '#core/providers/presidio.ts';

export function readPresidio(value: unknown, report: (problem: string) => void): PresidioOptions | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { enable, url, language = 'en', entities = ['PERSON', 'LOCATION', 'NRP'], scoreThreshold = 0.4, timeoutMs = 10_000 } = value as Record<string, unknown>;
  if (enable !== true) return undefined;
  const wrong = (key: string, expected: string): undefined => {
    report(`piiGate.providers.presidio.${key}: expected ${expected}; Presidio is not asked.`);
    return undefined;
  };
  if (typeof url !== 'string' || !isHttp(url)) return wrong('url', 'an http or https address without user and password');
  if (typeof language !== 'string' || !/^[a-z]{2,3}$/.test(language)) return wrong('language', 'a language code such as en');
  if (!Array.isArray(entities) || !entities.every((entity): entity is string => typeof entity === 'string')) return wrong('entities', 'a list of entity names');
  if (typeof scoreThreshold !== 'number' || !(scoreThreshold >= 0 && scoreThreshold <= 1)) return wrong('scoreThreshold', 'a number from 0 to 1');
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 100 && timeoutMs <= 600_000)) return wrong('timeoutMs', 'milliseconds from 100 to 600000');
  return { url, language, entities, scoreThreshold, timeoutMs };
}

function isHttp(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
  } catch {
    return false;
  }
}
