/** The whole demo: shop and console side by side; under them the machine, and the log of what passes between them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Client, Conversation, Item } from '../index.ts';
import { Icon, Sign } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { Chart } from './chart.tsx';
import { useFollowed } from './follow.ts';
import { Log } from './log.tsx';
import { course, fetchMachine, type Machine, type Style } from './machine.ts';
import { STRINGS } from './strings.ts';

/** A channel per style, and the shop's page that embeds the widget on it. */
const CHANNELS = { chat: 'web', repeat: 'repeat', social: 'social' } as const;
const SHOPS = { chat: '/demo/shop.html', repeat: '/demo/repeat.html', social: '/demo/social.html' } as const;
const STYLES = ['chat', 'repeat', 'social'] as const;
const NONE: readonly boolean[] = [false, false, false];

export function Stage({ client }: { client: Client }) {
  const [picked, pick] = useState<Style>('chat');
  const frame = useRef<HTMLIFrameElement>(null);
  const followed = useFollowed(client, CHANNELS[picked], frame);
  // Each style has its own three steps. They stay done while its next ticket begins, and nothing said
  // before this page was opened ticks them.
  const [opened] = useState(() => Date.now());
  const [all, setAll] = useState<Readonly<Record<string, readonly boolean[]>>>({});
  const done = all[CHANNELS[picked]] ?? NONE;
  const learn = (channel: string, items: readonly Item[]) => setAll((known) => {
    const before = known[channel] ?? NONE;
    const now = progress(items.filter(({ at }) => at >= opened));
    const after = before.map((one, index) => one || (now[index] ?? false));
    return after.some((one, index) => one !== before[index]) ? { ...known, [channel]: after } : known;
  });

  return (
    <div class="stage">
      <header class="head">
        <h1 class="brand"><Sign />{STRINGS.title}</h1>
        <ol class="steps" aria-label={STRINGS.stepsName}>
          {STRINGS.steps.map((step, index) => (
            <li key={step} class={done[index] ? 'is-done' : done.indexOf(false) === index ? 'is-next' : ''}>
              <span class="number" aria-hidden="true">{done[index] ? <Icon name="tick" /> : index + 1}</span>
              {step}{done[index] && <span class="unseen">, {STRINGS.done}</span>}
            </li>
          ))}
        </ol>
        <div class="picker" role="group" aria-label={STRINGS.picker}>
          {STYLES.map((style) => (
            <button key={style} type="button" aria-pressed={style === picked} title={STRINGS.styleSays[style]}
              onClick={() => pick(style)}>
              {STRINGS.styles[style]}
            </button>
          ))}
        </div>
      </header>
      <main class="windows">
        <section class="shop">
          <h2>{STRINGS.customer}</h2>
          <iframe src={SHOPS[picked]} title={STRINGS.customer} />
        </section>
        <section class="agent">
          <h2>{STRINGS.agent}</h2>
          <iframe ref={frame} src="/console" title={STRINGS.agent} />
        </section>
        {followed ? <Followed key={followed.id} conversation={followed} picked={picked} learn={learn} />
          : <Under style={picked} items={NOTHING} />}
      </main>
    </div>
  );
}

const NOTHING: readonly Item[] = [];

interface FollowedProps {
  conversation: Conversation;
  picked: Style;
  learn(channel: string, items: readonly Item[]): void;
}

function Followed({ conversation, picked, learn }: FollowedProps) {
  useEffect(() => conversation.open(), [conversation]);
  const { items } = useValue(conversation.messages);
  const state = useValue(conversation.state);
  const channel = state?.channel;
  useEffect(() => {
    if (channel !== undefined) learn(channel, items);
  }, [channel, items]);
  return <Under style={state?.style ?? picked} items={items} />;
}

function Under({ style, items }: { style: Style; items: readonly Item[] }) {
  const [machine, setMachine] = useState<Machine | null>(null);
  useEffect(() => {
    let current = true;
    fetchMachine(style).then((fetched) => current && setMachine(fetched), () => current && setMachine(null));
    return () => { current = false; };
  }, [style]);
  const way = course(items);
  return (
    <>
      <section class="machine">
        <h2>{STRINGS.machine(way.ticket)} <span class="style">{STRINGS.styles[style]}</span></h2>
        <div class="paper">
          {machine && <Chart machine={machine} course={way} />}
          <p class="says">{STRINGS.styleSays[style]}</p>
        </div>
      </section>
      <section class="record"><h2>{STRINGS.log}</h2><Log items={items} /></section>
    </>
  );
}

function progress(items: readonly Item[]): boolean[] {
  return [
    items.some((item) => item.kind === 'message' && item.author.role === 'customer'),
    items.some((item) => item.kind === 'message' && item.author.role === 'agent'),
    items.some((item) => item.kind === 'status' && item.body.status === 'solved'),
  ];
}
