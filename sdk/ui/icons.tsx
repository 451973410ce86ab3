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
  inbox: 'M4 13l2.5-7h11L20 13v5.5H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20',
  person: 'M12 4.5a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2zM5 19.5c.6-3.6 3.4-5.4 7-5.4s6.4 1.8 7 5.4',
  tray: 'M12 4v9M8.5 9.5 12 13l3.5-3.5M4.5 13.5v6h15v-6',
  hourglass: 'M7 4.5h10M7 19.5h10M8 4.5c0 4 8 5 8 7.5s-8 3.5-8 7.5M16 4.5c0 4-8 5-8 7.5s8 3.5 8 7.5',
  at: 'M15.5 8.5v5a2.3 2.3 0 0 0 4.5 0V12a8 8 0 1 0-3.2 6.4M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0z',
  alarm: 'M12 6.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM12 9.5V13l2.5 1.5M4 7l3-3M20 7l-3-3',
  done: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM8.5 12.2l2.5 2.5 4.8-5',
  team: 'M9 5.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3.5 18.5c.4-3 2.6-4.6 5.5-4.6s5.1 1.6 5.5 4.6M15.5 6a2.8 2.8 0 0 1 0 5.4'
    + 'M17.5 14.3c1.7.6 2.8 2 3 4.2',
  tag: 'M4.5 4.5h7l8 8-7 7-8-8zM8.5 8.5h.01',
  flag: 'M6 20V4.5M6 5h11.5l-2.5 4 2.5 4H6',
  pass: 'M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4',
  bolt: 'M13 3.5 5.5 13.5H11l-1 7 7.5-10H12z',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20',
  menu: 'M4.5 7h15M4.5 12h15M4.5 17h15',
  panel: 'M4.5 5.5h15v13h-15zM14.5 5.5v13',
  bell: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5h-14zM10.5 20.5h3',
  bellOff: 'M6.5 16.5V11a5.5 5.5 0 0 1 8.5-4.6M17.5 11v5.5l1.5 1.5h-14M10.5 20.5h3M4.5 4.5l15 15',
  eye: 'M3 12s3.2-5.5 9-5.5S21 12 21 12s-3.2 5.5-9 5.5S3 12 3 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  chart: 'M5 19.5V11M12 19.5V5M19 19.5v-6',
  sliders: 'M4.5 7.5h9M17.5 7.5h2M4.5 16.5h2M10.5 16.5h9M15.5 5.5v4M8.5 14.5v4',
  sort: 'M7 5v14M4 16l3 3 3-3M13 7h7M13 12h5M13 17h3',
  undo: 'M8.5 5 4.5 9l4 4M5 9h9a5 5 0 0 1 0 10h-3',
  house: 'M4 11.5 12 5l8 6.5M6.5 10v9h11v-9',
  flow: 'M4.5 4.5h6v5h-6zM13.5 14.5h6v5h-6zM7.5 9.5V17h6M10.5 7h6v7.5',
  waiting: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 1.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return <Stroke d={PATHS[name]} />;
}

/** A drawing of one page's own. */
export function Stroke({ d }: { d: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.9"
      stroke-linecap="round" stroke-linejoin="round">
      <path d={d} />
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
