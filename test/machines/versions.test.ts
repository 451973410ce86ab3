/** Runs and the versions of their flow: each ends as it began, or goes over where that is said, and none is lost. */
import { describe, expect, it } from 'vitest';
import type { ActorCommand } from '../../machines/actor.ts';
import { conversation } from '../../machines/conversation.ts';
import type { Flow } from '../../machines/flows/flow.ts';
import { begun, ROUTE, shelfOf, shelfWith } from './shelf.ts';
import { ADA, CUSTOMER, HOUR, ID } from './talk.ts';

describe('a new version', () => {
  const first = ROUTE;
  const second: Flow = { ...ROUTE, name: 'Route 2', steps: [...ROUTE.steps, { id: 'note', do: 'note', text: 'by the second' }] };

  it('is for new runs; one under way ends as it began', () => {
    const talk = begun({ route: first });
    talk.world = { ...talk.world, shelf: shelfWith({ route: [first, second] }) };
    talk.say(CUSTOMER, 'billing');
    expect(talk.said().slice(-2)).toEqual(['team billing', 'flow ended Route']);
  });

  it('takes runs over where it says so: they stand where they stood, with their time', () => {
    const talk = begun({ route: first });
    const [before] = talk.runs;
    talk.wait(HOUR);
    talk.world = { ...talk.world, shelf: shelfWith({ route: [first, second] }, true) };
    talk.say(CUSTOMER, 'what?');
    expect(talk.runs).toEqual([{ ...before, name: 'Route 2', version: 2, until: talk.at + 24 * HOUR }]);
    talk.say(CUSTOMER, 'billing');
    expect(talk.said().slice(-3)).toEqual(['team billing', 'note by the second', 'flow ended Route 2']);
  });

  it('decides already in the step in which a run goes over, without the conversation being read back', () => {
    const kind = conversation(() => talk.world);
    const talk = begun({ route: first });
    const say = { type: 'say', who: CUSTOMER, device: 'd', kind: 'message', channel: 'web', seen: null } as const;
    const asked = kind.step(ID, talk.state, { ...say, cmid: talk.id(), text: 'what?' } as ActorCommand, talk.at);
    talk.world = { ...talk.world, shelf: shelfWith({ route: [first, second] }, true) };
    const answered = kind.step(ID, 'state' in asked ? asked.state : undefined, { ...say, cmid: talk.id(), text: 'billing' } as ActorCommand, talk.at);
    expect('lines' in answered ? answered.lines.map(({ kind: what, body }) => `${what} ${String(body.text ?? body.team ?? body.name)}`) : []).toEqual([
      'message billing', 'team billing', 'note by the second', 'flow Route 2',
    ]);
  });

  it('that has no such step is not for those who stand there', () => {
    const talk = begun({ route: first });
    const other: Flow = { ...first, steps: first.steps.map((step) => (step.id === 'which' ? { ...step, id: 'which-one' } : step)) };
    talk.world = { ...talk.world, shelf: shelfWith({ route: [first, other] }, true) };
    talk.say(CUSTOMER, 'billing');
    expect([talk.state?.team, talk.said().at(-1)]).toEqual(['billing', 'flow ended Route']);
  });

  it('that is not known yet makes the conversation wait, and loses nothing of it', () => {
    const talk = begun({ route: first });
    const { shelf } = talk.world;
    talk.world = { ...talk.world, shelf: shelfOf({}) };
    expect([talk.say(CUSTOMER, 'billing'), talk.do({ type: 'mark', who: ADA, delivered: 1, read: 1, n: 1 })]).toEqual(['overloaded', expect.anything()]);
    talk.world = { ...talk.world, shelf };
    talk.say(CUSTOMER, 'billing');
    expect(talk.state?.team).toBe('billing');
  });
});
