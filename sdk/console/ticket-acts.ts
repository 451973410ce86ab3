/** What can be done with the ticket of the open conversation, by key, palette and button alike. */
import type { AgentConversation } from '../agent.ts';
import { useActs, type Doing } from './acting.ts';
import { useConsole } from './context.ts';
import { SETTABLE, whyNotAccept, whyNotChange, whyNotStatus, whyNotUnassign, type Settable } from './statuses.ts';
import { STRINGS } from './strings.ts';

export function useTicketActs(conversation: AgentConversation): void {
  const { me, acting, show, watch } = useConsole();
  const summary = () => conversation.state.get();
  const sets = (status: Settable): Doing => ({
    why: () => whyNotStatus(summary(), status),
    run() {
      const { status: before, style } = summary() ?? {};
      const said = STRINGS.becameNow(STRINGS.statuses[status]);
      const back = SETTABLE.find((one) => one === before && one !== 'solved');
      // A chat closes with being solved, and nothing leads back from there.
      const final = style === 'chat' && status === 'solved';
      watch(conversation.setStatus(status), back && !final ? { said, undo: () => conversation.setStatus(back) } : { said });
    },
  });
  const changes = (over: 'handOver' | 'snooze' | 'priority' | 'runFlow'): Doing => ({
    why: () => whyNotChange(summary()), run: () => show(over),
  });
  useActs(acting, {
    accept: { why: () => whyNotAccept(summary(), me), run: () => watch(conversation.accept()) },
    unassign: {
      why: () => whyNotUnassign(summary()),
      run: () => watch(conversation.unassign(), { said: STRINGS.unassigned, undo: () => conversation.accept() }),
    },
    open: sets('open'), pending: sets('pending'), onHold: sets('onHold'), solved: sets('solved'),
    handOver: changes('handOver'), snooze: changes('snooze'), priority: changes('priority'),
    runFlow: changes('runFlow'),
    reach: { why: () => (summary() ? null : STRINGS.notYet), run: () => show('reach') },
    // Tags may be set on a Closed ticket, too.
    tags: { why: () => (summary() ? null : STRINGS.notYet), run: () => show('tags') },
    end: {
      why: () => (summary()?.session === 'ended' ? STRINGS.sessionStates.ended : whyNotChange(summary())),
      run: () => watch(conversation.end()),
    },
  });
}
