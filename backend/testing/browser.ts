/** A browser without a window, for the redirects and forms of a sign-in. */
import assert from 'node:assert/strict';

export type Visit = (url: string, init?: RequestInit) => Promise<Response>;

/** A browser's worth of cookies, by host. */
export function browser(): Visit {
  const jar = new Map<string, Map<string, string>>();
  return async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { host } = new URL(url);
    const cookies = jar.get(host) ?? new Map<string, string>();
    jar.set(host, cookies);
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const at = pair.indexOf('=');
      const value = pair.slice(at + 1);
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), value);
    }
    return response;
  };
}

/** Follows redirects and fills in the provider's forms as the person would. Returns where the gate's callback would be called. */
export async function signInAtProvider(visit: Visit, start: string, gateUrl: string, login: string): Promise<string> {
  let url = start;
  for (let step = 0; step < 12; step += 1) {
    if (url.startsWith(`${gateUrl}/v1/sign-in/callback`)) return url;
    const response = await visit(url);
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      continue;
    }
    const page = await response.text();
    const action = /action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? '';
    assert.ok(action, page.slice(0, 500));
    const posted = await visit(new URL(action, url).href, { method: 'POST', body: new URLSearchParams({ prompt, login, password: 'any' }) });
    url = new URL(posted.headers.get('location') ?? '', url).href;
  }
  throw new Error('the sign-in does not come to an end');
}
