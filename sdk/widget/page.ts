/**
 * What the page around the widget may ask of it: `parley('open')`, `parley('close')`, `parley('identify', getToken, fields?)`,
 * `parley('setFields', fields)`, `parley('on', 'unread', listener)`; the same as methods, `parley.open()`. Before the script
 * has loaded, calls wait in `parley.q` when the page has said `window.parley ??= (...call) => (parley.q ??= []).push(call)`.
 */
import type { Fields } from '../index.ts';
import type { ParleyWidget } from './element.tsx';

type Call = readonly unknown[];

interface Page {
  (...call: Call): unknown;
  q?: Call[];
}

declare global {
  interface Window { parley?: Page }
}

export function answerPage(widget: ParleyWidget): void {
  const acts = {
    open: () => widget.setAttribute('open', ''),
    close: () => widget.removeAttribute('open'),
    identify: (getToken: unknown, fields?: unknown) => {
      if (!isFunction(getToken)) throw new TypeError('parley identify: give a function that returns a token, or a promise of one.');
      return widget.identify(async (why) => String(await getToken(why)), fields === undefined ? undefined : fieldsOf(fields));
    },
    setFields: (fields: unknown) => widget.setFields(fieldsOf(fields)),
    on: (event: unknown, listener: unknown) => {
      if (event !== 'unread') throw new TypeError('parley on: the only event is "unread".');
      if (!isFunction(listener)) throw new TypeError('parley on: give a function that takes the unread count.');
      return widget.onUnread((count) => void listener(count));
    },
  };
  const call = (...[name, ...given]: Call): unknown => {
    if (typeof name !== 'string' || !Object.hasOwn(acts, name)) {
      throw new TypeError(`parley: there is no "${String(name)}". There are: ${Object.keys(acts).join(', ')}.`);
    }
    const act: (...given: unknown[]) => unknown = acts[name as keyof typeof acts];
    return act(...given);
  };
  const waiting = window.parley?.q ?? [];
  window.parley = Object.assign(call, acts);
  for (const early of waiting) call(...early);
}

function fieldsOf(value: unknown): Fields {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (entries.length > 0 && texts.length === entries.length) return Object.fromEntries(texts);
  throw new TypeError('parley: give fields as an object of texts, { email: "mia@example.com" }.');
}

function isFunction(value: unknown): value is (given: unknown) => unknown {
  return typeof value === 'function';
}
