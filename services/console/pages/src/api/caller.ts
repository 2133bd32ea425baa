// Who is at the screen, and what for. Kept in this page's memory and nowhere else.
import { signal } from '@preact/signals';

export const employee = signal('');
export const purpose = signal(''); // as given last, offered again

/** A session that somebody logged in to; undefined: a certificate calls, or nobody. */
export async function sessionEmployee(): Promise<string | undefined> {
  const answer = await fetch('./session');
  if (!answer.ok || !answer.headers.get('content-type')?.startsWith('application/json'))
    return undefined;
  const session: unknown = await answer.json();
  return typeof session === 'object' && session !== null && 'employee' in session
    ? String(session.employee)
    : undefined;
}

/**
 * The token of the authority's identity provider, which sends a browser back here with `#id_token=…`. It is
 * taken out of the address before anything else is done.
 */
export function takeToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('id_token') ?? undefined;
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** False: it was not taken. */
export async function login(token: string): Promise<boolean> {
  const answer = await fetch('./session', {
    method: 'POST',
    headers: { 'content-type': 'application/jwt' },
    body: token,
  });
  return answer.ok;
}
