/** The order of one connection's sends: what was refused for now holds its line, and no longer than that. */
import { expect, it } from 'vitest';
import { Asking } from '../../gateway/asking.ts';
import type { Answer } from '../../gateway/resident.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import type { Said } from '../../sdk/protocol/frames.ts';

type Send = Extract<Said, { t: 'send' }>;
const ADA = { role: 'customer', id: 'u_ada', name: 'Ada', identified: true } as const;
const DEVICE = 'device';
const send = (cmid: string): Send => ({ t: 'send', cmid, conversation: 'talk', kind: 'message', text: 'hello', channel: null, seen: null });

/** A connection whose conversation answers as the test says. */
function connection() {
  let answer = (_answer: Answer): void => undefined;
  let devices: Record<string, string> = {};
  const refused: string[] = [];
  const asking = new Asking({
    intake: { stop: () => undefined, goOn: () => undefined }, out: { say: () => undefined },
    following: { actor: (id: string) => `c/demo/${id}` },
    host: {
      tell: (_actor: string, _command: unknown, done: (answer: Answer) => void) => { answer = done; },
      peek: (_actor: string, then: (state: unknown) => void) => then({ devices }),
    },
    refuse: (_ref: string, { name }: Refusal) => refused.push(name),
  } as unknown as ConstructorParameters<typeof Asking>[0]);
  return {
    say(cmid: string): string {
      try {
        asking.check(send(cmid));
        asking.send(send(cmid), ADA, DEVICE);
        return 'passed';
      } catch (error) {
        return (error as Refusal).name;
      }
    },
    answer: (refusal: Refusal) => answer(refusal),
    /** What the owner has stored, as this node knows it. */
    stands: (cmid: string) => { devices = { [DEVICE]: cmid }; },
    refused,
  };
}

it('what was refused for now is not overtaken, and opens the line when it comes again', () => {
  const { say, answer } = connection();
  say('1');
  answer(new Refusal('overloaded'));
  expect([say('2'), say('2'), say('1'), say('2')]).toEqual(['lineHeld', 'lineHeld', 'passed', 'passed']);
});

it('one whose owner did not answer opens it, too, once it is known to stand: its client has seen that and says it no more', () => {
  const { say, answer, stands } = connection();
  say('1');
  answer(new Refusal('ownerChanging'));
  expect([say('2'), say('2')]).toEqual(['lineHeld', 'lineHeld']);
  stands('1');
  // The question comes with the one that is refused, and opens the line for the next.
  expect([say('2'), say('2')]).toEqual(['lineHeld', 'passed']);
});

it('one that certainly does not stand is waited for, whatever stands', () => {
  const { say, answer, stands } = connection();
  say('1');
  answer(new Refusal('storeUnavailable'));
  stands('3');
  expect([say('2'), say('2')]).toEqual(['lineHeld', 'lineHeld']);
});
