/** Everything that one can do, once: by which keys, where the help names it, and whether the palette does. */

export const GROUPS = ['ticket', 'write', 'offers', 'move', 'around'] as const;
export type ActGroup = (typeof GROUPS)[number];

interface Act {
  /** The first is the one to name. `mod` is Ctrl, or Cmd on a Mac. */
  readonly keys: readonly string[];
  readonly group: ActGroup;
  /** The palette leaves out what only makes sense by its key. */
  readonly hidden?: true;
}

export const ACTS = {
  next: { keys: ['j', 'ArrowDown'], group: 'move', hidden: true },
  previous: { keys: ['k', 'ArrowUp'], group: 'move', hidden: true },
  enter: { keys: ['Enter'], group: 'move', hidden: true },
  back: { keys: ['Escape'], group: 'move', hidden: true },
  search: { keys: ['/'], group: 'move' },
  sort: { keys: ['v'], group: 'move' },
  view1: { keys: ['1'], group: 'move', hidden: true },
  view2: { keys: ['2'], group: 'move', hidden: true },
  view3: { keys: ['3'], group: 'move', hidden: true },
  view4: { keys: ['4'], group: 'move', hidden: true },
  view5: { keys: ['5'], group: 'move', hidden: true },
  view6: { keys: ['6'], group: 'move', hidden: true },
  view7: { keys: ['7'], group: 'move', hidden: true },

  accept: { keys: ['a'], group: 'ticket' },
  handOver: { keys: ['t'], group: 'ticket' },
  unassign: { keys: ['u'], group: 'ticket' },
  open: { keys: ['o'], group: 'ticket' },
  pending: { keys: ['p'], group: 'ticket' },
  onHold: { keys: ['h'], group: 'ticket' },
  solved: { keys: ['s'], group: 'ticket' },
  snooze: { keys: ['z'], group: 'ticket' },
  priority: { keys: ['y'], group: 'ticket' },
  tags: { keys: ['l'], group: 'ticket' },
  runFlow: { keys: ['f'], group: 'ticket' },
  end: { keys: [], group: 'ticket' },

  reply: { keys: ['r'], group: 'write' },
  note: { keys: ['n'], group: 'write' },
  macros: { keys: ['m'], group: 'write' },
  send: { keys: ['mod+Enter'], group: 'write', hidden: true },
  sendSolved: { keys: ['mod+shift+Enter'], group: 'write', hidden: true },

  reach: { keys: [], group: 'write' },

  sendAnyway: { keys: ['alt+s'], group: 'write' },
  editHeld: { keys: ['alt+e'], group: 'write' },
  discardHeld: { keys: ['alt+x'], group: 'write' },

  acceptOffer: { keys: ['alt+a'], group: 'offers' },
  declineOffer: { keys: ['alt+d'], group: 'offers' },

  palette: { keys: ['mod+k'], group: 'around', hidden: true },
  status: { keys: ['w'], group: 'around' },
  about: { keys: ['i'], group: 'around' },
  mute: { keys: [], group: 'around' },
  undo: { keys: ['alt+z'], group: 'around' },
  preferences: { keys: [','], group: 'around' },
  keys: { keys: ['?'], group: 'around' },
} as const satisfies Readonly<Record<string, Act>>;

export type ActId = keyof typeof ACTS;
export const ACT_IDS = Object.keys(ACTS) as readonly ActId[];

export const actsOf = (group: ActGroup): readonly ActId[] => ACT_IDS.filter((id) => ACTS[id].group === group);
export const isHidden = (id: ActId): boolean => 'hidden' in ACTS[id];
