/** JSON over HTTP, both ways. */
export interface Answer {
  readonly status: number;
  readonly said: Readonly<Record<string, unknown>>;
}

/** Rejects when nobody answers, or somebody who is no gateway. */
export async function ask(method: 'POST' | 'PUT', url: string, body: unknown, token?: string | null): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  return { status: response.status, said: await response.json() as Answer['said'] };
}
