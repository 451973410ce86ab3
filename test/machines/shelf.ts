/** A workspace's published flows without its library: what conversations see of them, and conversations that do. */
import { compile } from '../../machines/flows/compile.ts';
import { defineFlow, type Flow } from '../../machines/flows/flow.ts';
import type { Compiled, Shelf } from '../../machines/flows/run.ts';
import { parseFlow } from '../../machines/flows/schema.ts';
import { CUSTOMER, HOUR, stylesOf, Talk } from './talk.ts';

export function compiled(flow: Flow): Compiled {
  const parsed = parseFlow(JSON.parse(JSON.stringify(flow)));
  if ('problems' in parsed) throw new Error(parsed.problems.map(({ path, problem }) => `${path}: ${problem}`).join('\n'));
  return compile(parsed.flow);
}

/** All live, in their first version. */
export function shelfOf(flows: Readonly<Record<string, Flow>>): Shelf {
  return shelfWith(Object.fromEntries(Object.entries(flows).map(([id, flow]) => [id, [flow]])));
}

/** Each flow in its versions, of which the last is live. `migrates`: older ones go over to it. */
export function shelfWith(flows: Readonly<Record<string, readonly Flow[]>>, migrates = false): Shelf {
  const versions = new Map(Object.entries(flows).map(([id, list]) => [id, list.map(compiled)]));
  return {
    live: Array.from(versions, ([id, list]) => ({ id, version: list.length, compiled: list.at(-1) as Compiled })),
    at: (flow, version) => versions.get(flow)?.[version - 1],
    successor: (flow, version) => {
      const newest = versions.get(flow)?.length ?? 0;
      return migrates && version < newest ? newest : undefined;
    },
  };
}

/** Asks for the team; routes. */
export const ROUTE = defineFlow({
  name: 'Route', start: [{ on: 'opened' }], steps: [
    {
      id: 'which', do: 'ask', text: { en: 'Which team?', pt: 'Qual equipe?' }, answer: 'choice', save: 'vars.team', retries: 1, retry: 'Please choose.',
      choices: [{ value: 'billing', label: { en: 'Billing', pt: 'Cobrança' } }, { value: 'support', label: 'Support' }],
    },
    {
      id: 'by-answer', do: 'branch', cases: [{
        when: { all: [{ field: 'vars.team', is: 'equal', value: 'billing' }] }, steps: [{ id: 'to-billing', do: 'assign', team: 'billing', by: 'longestIdle' }],
      }],
    },
  ],
});
/** Reminds of silence after an hour, then closes. */
export const NUDGE = defineFlow({
  name: 'Nudge', start: [{ on: 'message', from: 'agent' }], again: 'restart', onAgent: 'restart', steps: [
    { id: 'silence', do: 'wait', forMs: HOUR, untilReply: 'customer', onReply: [{ id: 'replied', do: 'end' }] },
    { id: 'remind', do: 'say', text: 'Are you still there?' },
    { id: 'answer', do: 'wait', forMs: 300_000, untilReply: 'customer', onReply: [{ id: 'answered', do: 'end' }] },
    { id: 'close', do: 'close' },
  ],
});

export function talkWith(flows: Readonly<Record<string, Flow>>, style: 'chat' | 'repeat' | 'social' = 'repeat'): Talk {
  return new Talk(stylesOf(style), { shelf: shelfOf(flows) });
}

/** Begun, and its contact's fields have come. */
export function begun(flows: Readonly<Record<string, Flow>>, fields: Record<string, string> = {}): Talk {
  const talk = talkWith(flows);
  talk.say(CUSTOMER, 'hello');
  talk.fields(fields);
  return talk;
}
