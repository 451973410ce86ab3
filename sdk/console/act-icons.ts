/** A drawing for each act that the palette names. */
import type { IconName } from '../ui/icons.tsx';
import type { ActId } from './acts.ts';

const ICONS: { readonly [Id in ActId]?: IconName } = {
  accept: 'person', handOver: 'pass', unassign: 'undo', open: 'inbox', pending: 'waiting', onHold: 'lock', solved: 'done',
  snooze: 'alarm', priority: 'flag', tags: 'tag', runFlow: 'flow', reach: 'talk', end: 'leave', reply: 'send', note: 'lock', macros: 'bolt',
  sendAnyway: 'send', acceptOffer: 'tick', declineOffer: 'close', search: 'search', sort: 'sort',
  status: 'halves', about: 'panel', mute: 'bell', undo: 'undo', preferences: 'sliders', keys: 'talk',
};

export function iconOf(act: ActId): IconName {
  return ICONS[act] ?? 'bolt';
}
