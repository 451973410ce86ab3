/** Which requests are answered, and by what: methods and paths, with names in them for what varies. */
import type { Identity } from './identity.ts';

export interface Asked {
  /** The request's JSON, {} for none. */
  body: Readonly<Record<string, unknown>>;
  query: URLSearchParams;
  /** What stood in the path where the route has a name. */
  at: Readonly<Record<string, string>>;
  address: string;
  /** The foreign page that asks; undefined for the gateway's own pages and for apps. */
  origin: string | undefined;
  /** The gateway as the page that asks knows it; undefined when no page of its own does. */
  home: string | undefined;
  /** Sent to this machine by its own name, and by no foreign page. */
  local: boolean;
  /** The bearer's token that came along; nobody has looked at it. */
  token: string | undefined;
  /** Whether a proxy says that it asks for somebody else: then the address is the proxy's. */
  forwarded: boolean;
}

/** An answer that is no JSON, or has a status of its own. */
export class Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;

  constructor(status: number, type: string, text: string) {
    this.status = status;
    this.type = type;
    this.text = text;
  }
}

/** An answer whose text is made once, for all who ask. */
export class Json {
  readonly text: string;

  constructor(value: unknown) {
    this.text = JSON.stringify(value);
  }
}

/** Open to everybody. @throws Refusal to answer with a code of the table */
export type Route = (request: Asked) => Promise<unknown>;
/** For agents, with their token. Takes a larger body. @throws Refusal */
export interface AgentRoute {
  agent(request: Asked, identity: Identity): Promise<unknown>;
}

/** For customers, with their token. @throws Refusal */
export interface CustomerRoute {
  customer(request: Asked, identity: Identity): Promise<unknown>;
}
export type AnyRoute = Route | AgentRoute | CustomerRoute;

/** By `METHOD /path/:name`. */
export type Routes = Readonly<Record<string, AnyRoute>>;

export interface Found {
  route: AnyRoute;
  at: Record<string, string>;
}

export class RouteTable {
  readonly #all: readonly { method: string; path: readonly string[]; route: AnyRoute }[];

  constructor(routes: Routes) {
    this.#all = Object.entries(routes).map(([name, route]) => {
      const [method = '', path = ''] = name.split(' ');
      return { method, path: path.split('/'), route };
    });
  }

  /** By method; none for a path that is nowhere. */
  at(pathname: string): ReadonlyMap<string, Found> {
    const found = new Map<string, Found>();
    const parts = pathname.split('/');
    for (const { method, path, route } of this.#all) {
      const at = fit(path, parts);
      if (at !== undefined) found.set(method, { route, at });
    }
    return found;
  }
}

function fit(path: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (path.length !== parts.length) return undefined;
  const at: Record<string, string> = {};
  for (const [i, name] of path.entries()) {
    const part = parts[i] ?? '';
    if (!name.startsWith(':')) {
      if (name !== part) return undefined;
      continue;
    }
    const value = decoded(part);
    if (value === undefined || value === '') return undefined;
    at[name.slice(1)] = value;
  }
  return at;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
