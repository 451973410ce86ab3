/**
 * What the page around the widget may ask of it: `parley('open')`, `parley('close')`, `parley('identify', getToken)`,
 * `parley('on', 'unread', listener)`; the same as methods, `parley.open()`. Before the script has loaded, calls wait in
 * `parley.q` when the page has said `window.parley ??= (...call) => (parley.q ??= []).push(call)`.
 */
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
    identify: (getToken: unknown) => {
      if (isFunction(getToken)) return widget.identify(async (why) => String(await getToken(why)));
      throw new TypeError('parley identify: give a function that returns a token, or a promise of one.');
    },
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

function isFunction(value: unknown): value is (given: unknown) => unknown {
  return typeof value === 'function';
}
