/** The few drawings that the pages share, each a stroke on a 24 by 24 grid. Decorative: the words stand beside them. */
const PATHS = {
  talk: 'M4 5.5h16v10.5H11l-4.5 4v-4H4z',
  send: 'M12 19V5M6 11l6-6 6 6',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M5 9l7 7 7-7',
  back: 'M15 5l-7 7 7 7',
  list: 'M5 7h14M5 12h14M5 17h9',
  plus: 'M12 5v14M5 12h14',
  lock: 'M6.5 11h11v8.5h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  leave: 'M10 4.5H5.5v15H10M14 8l4 4-4 4M18 12H10',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4'
    + 'M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  halves: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v16M12 8h5.5M12 12h8M12 16h5.5',
  tick: 'M5 12.5l4.5 4.5L19 7.5',
  ticks: 'M2.5 12.5 7 17l8.5-9M11 16l1 1 9-9',
  waiting: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 1.5',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.9"
      stroke-linecap="round" stroke-linejoin="round">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The house's sign: two who talk. */
export function Sign() {
  return (
    <svg class="sign" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M5 6h15a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-7l-5 4v-4H5a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3z" fill="currentColor" />
      <path d="M26 12.5h1a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-1.5v3.5l-4.5-3.5h-5.5a3 3 0 0 1-2.6-1.5" fill="none"
        stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" />
    </svg>
  );
}
