/** Who is here: the desk hears of an agent's first socket and of the end of the last, in order, whatever it answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActorCommand, Who } from '../../machines/actor.ts';
import type { DeskCommand, DeskState } from '../../machines/desk.ts';
import { Tree } from '../../machines/tree.ts';
import { handClock } from '../../gateway/clock.ts';
import { Presence } from '../../gateway/presence.ts';
import type { Answer } from '../../gateway/resident.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';

const FINE: Answer = { seq: 0, n: 0, at: 0, repeated: false };
const ADA: Who = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true };
const BEN: Who = { role: 'agent', id: 'a_ben', name: 'Ben', identified: true };
const EVE: Who = { role: 'customer', id: 'v_1', name: 'Visitor 1', identified: false };

function stage() {
  const clock = handClock(0);
  const asked: { actor: string; command: DeskCommand; done(answer: Answer): void }[] = [];
  const here = new Set<string>();
  const presence = new Presence({
    clock, node: 'n1', hub: { find: (_workspace, person, then) => then(here.has(person)) },
    host: { tell: (actor, command: ActorCommand, done) => { asked.push({ actor, command: command as DeskCommand, done }); } },
  });
  let before: DeskState | undefined;
  /** What the desk has committed: on which nodes it knows each agent. */
  const desk = (agents: Record<string, string[]>) => {
    const state = { agents: Tree.of(Object.entries(agents).sort().map(([id, nodes]) => [id, { id, nodes }])) } as unknown as DeskState;
    const fact = { actor: 'd/demo', before, state };
    before = state;
    return fact;
  };
  return { clock, asked, here, desk, presence, said: () => asked.map(({ actor, command }) => `${actor} ${command.type}`), answer: (answer: Answer = FINE) => asked.shift()?.done(answer) };
}

describe('an agent', () => {
  it('is here with the first socket and gone with the last, not with those between', () => {
    const { presence, asked, said, answer } = stage();
    presence.come('demo', ADA);
    expect(asked[0]?.command).toEqual({ type: 'here', agent: { id: 'a_ada', name: 'Ada' }, node: 'n1' });
    answer();
    presence.come('demo', ADA);
    presence.leave('demo', ADA);
    expect(said()).toEqual([]);
    presence.leave('demo', ADA);
    expect(asked[0]?.command).toEqual({ type: 'gone', agent: 'a_ada', node: 'n1' });
  });

  it('of two workspaces is two', () => {
    const { presence, said } = stage();
    presence.come('demo', ADA);
    presence.come('shop', ADA);
    expect(said()).toEqual(['d/demo here', 'd/shop here']);
  });

  it('who comes and goes while the desk is being told: it hears one word after the other, and the last one is true', () => {
    const { presence, said, answer } = stage();
    presence.come('demo', ADA);
    presence.leave('demo', ADA);
    presence.come('demo', ADA);
    presence.leave('demo', ADA);
    expect(said()).toEqual(['d/demo here']);
    answer();
    expect(said()).toEqual(['d/demo gone']);
    presence.come('demo', ADA);
    answer();
    expect(said()).toEqual(['d/demo here']);
  });

  it('who is gone by the time of an answer is gone at the desk, too, be it that older news of it came in between', () => {
    const { presence, desk, said, answer } = stage();
    presence.come('demo', ADA);
    presence.leave('demo', ADA);
    presence.committed(desk({ a_ada: ['n2'] }));
    answer();
    expect(said()).toEqual(['d/demo gone']);
  });

  it('who is gone after a refusal for now is gone at the desk, too: it may have taken what it refused', () => {
    const { presence, said, answer, clock } = stage();
    presence.come('demo', ADA);
    presence.leave('demo', ADA);
    answer(new Refusal('ownerChanging', '', 1_000));
    clock.advance(1_000);
    expect(said()).toEqual(['d/demo gone']);
  });

  it('is told of again after a refusal for now; a desk that is held back is not asked without end', () => {
    const { presence, said, answer, clock } = stage();
    presence.come('demo', ADA);
    answer(new Refusal('storeUnavailable', '', 1_000));
    expect(said()).toEqual([]);
    clock.advance(1_000);
    expect(said()).toEqual(['d/demo here']);
    answer(new Refusal('quarantined'));
    clock.advance(3_600_000);
    expect(said()).toEqual([]);
  });

  it('whose node ends is not said to be gone: whoever takes its place says who is here', () => {
    const { presence, said, answer } = stage();
    presence.come('demo', ADA);
    answer();
    presence.close();
    presence.leave('demo', ADA);
    expect(said()).toEqual([]);
  });

  it('whom the desk has lost, taking this node for dead, is told to it again; nobody else is', () => {
    const { presence, said, answer, desk } = stage();
    presence.come('demo', ADA);
    answer();
    presence.come('demo', BEN);
    answer();
    presence.committed(desk({ a_ada: ['n2', 'n1'], a_ben: ['n1'], a_cid: ['n2'] }));
    expect(said()).toEqual([]);
    presence.committed(desk({ a_ada: ['n2'], a_ben: ['n1'], a_cid: [] }));
    expect(said()).toEqual(['d/demo here']);
    answer();
    presence.committed(desk({ a_ada: ['n2', 'n1'], a_ben: ['n1'], a_cid: [] }));
    expect(said()).toEqual([]);
  });

  it('whom the desk has lost before its answer comes is told to it again, too', () => {
    const { presence, said, answer, desk } = stage();
    presence.come('demo', ADA);
    presence.committed(desk({ a_ada: ['n1'] }));
    presence.committed(desk({ a_ada: [] }));
    answer();
    expect(said()).toEqual(['d/demo here']);
    presence.committed(desk({ a_ada: ['n1'] }));
    answer();
    expect(said()).toEqual([]);
    presence.leave('demo', ADA);
    presence.committed(desk({ a_ada: [] }));
    answer();
    expect(said()).toEqual([]);
  });

  it('whatever comes, goes and is refused: in the end the desk knows whether they are here', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('come', 'leave', 'fine', 'later'), { maxLength: 40 }), (events) => {
      const { presence, asked, answer, clock } = stage();
      let sockets = 0;
      let known = false;
      const settle = (fine: boolean): void => {
        const { command } = asked[0] ?? {};
        if (command === undefined) return clock.advance(1_000);
        if (fine) known = command.type === 'here';
        answer(fine ? FINE : new Refusal('overloaded', '', 1_000));
      };
      for (const event of events) {
        if (event === 'come') { sockets++; presence.come('demo', ADA); }
        else if (event === 'leave' && sockets > 0) { sockets--; presence.leave('demo', ADA); }
        else if (event === 'fine' || event === 'later') settle(event === 'fine');
        expect(asked.length).toBeLessThan(2);
      }
      for (let i = 0; i < 5; i++) settle(true);
      expect(known).toBe(sockets > 0);
    }));
  });
});

describe('a customer', () => {
  it('who does not come back within half a minute has left the conversations that they followed', () => {
    const { presence, said, clock, here } = stage();
    presence.left('demo', EVE, 'offline', ['c/demo/1', 'c/demo/2']);
    clock.advance(29_999);
    expect(said()).toEqual([]);
    clock.advance(1);
    expect(said()).toEqual(['c/demo/1 gone', 'c/demo/2 gone']);
    presence.left('demo', EVE, 'offline', ['c/demo/3']);
    here.add('v_1');
    clock.advance(30_000);
    expect(said().length).toBe(2);
  });
});
