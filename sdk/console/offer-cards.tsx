/** Tickets on offer: the one that lapses first as a card that cannot be missed, the others as lines behind it. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Offer } from '../agent.ts';
import { Icon } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { useActs } from './acting.ts';
import { Caps, withKeys } from './caps.tsx';
import { useConsole, useGatewayNow } from './context.ts';
import { inOrder, secondsLeft } from './offers.ts';
import { PREFERENCES } from './preferences.ts';
import { PriorityMark } from './priority-mark.tsx';
import { STRINGS } from './strings.ts';
import { OFFER_MS, teamName } from './workspace.ts';

/** So many lines behind the card; the rest is a number. */
const BEHIND = 3;
/** From then on the ring is red. */
const LAST_SECONDS = 5;
/** A click that was meant for what lay here a moment ago accepts nothing; keys are never meant for something else. */
const SETTLE_MS = 300;

export function OfferCards() {
  const { agent } = useConsole();
  const [chosen, choose] = useState(0);
  const offers = inOrder(useValue(agent.desk.state)?.offers ?? []);
  const front = offers.find(({ offer }) => offer === chosen) ?? offers[0];
  const behind = offers.filter((offer) => offer !== front);
  return (
    <div class="offers" role="alert">
      {front && <Card key={`${front.conversation} ${front.offer}`} offer={front} />}
      {behind.slice(0, BEHIND).map((offer) => (
        <Line key={`${offer.conversation} ${offer.offer}`} offer={offer} onChoose={() => choose(offer.offer)} />
      ))}
      {behind.length > BEHIND && <p class="behind">{STRINGS.offersBehind(behind.length - BEHIND)}</p>}
    </div>
  );
}

/** One that waits behind the card; a click brings it to the front. */
function Line({ offer, onChoose }: { offer: Offer; onChoose(): void }) {
  const { left } = useLeft(offer);
  return (
    <button type="button" class="offer-line" onClick={onChoose}>
      <strong>{offer.contact || STRINGS.visitor}</strong>
      <span class="muted">{offer.from === '' ? STRINGS.offered : STRINGS.handedToYou(offer.from)}</span>
      <span class="left">{left}</span>
    </button>
  );
}

function Card({ offer }: { offer: Offer }) {
  const { agent, workspace, acting, go, watch } = useConsole();
  const { sound } = useValue(PREFERENCES);
  const { left, share } = useLeft(offer);
  const settled = useSettled();
  const contact = offer.contact || STRINGS.visitor;
  const accept = () => watch(agent.desk.accept(offer).then(() => go({ list: 'mine', open: offer.conversation })));
  const decline = () => watch(agent.desk.decline(offer));
  useActs(acting, { acceptOffer: accept, declineOffer: decline });
  return (
    <section class="offer" aria-label={STRINGS.newOffer}>
      <header>
        <Ring share={share} seconds={left} />
        <div>
          <p class="offer-kind">{offer.from === '' ? STRINGS.offered : STRINGS.handedToYou(offer.from)}</p>
          <h2>{contact}<PriorityMark priority={offer.priority} /></h2>
          <p class="muted">{teamName(workspace, offer.team)} · {offer.channel}</p>
        </div>
        <button type="button" class="plain" aria-label={sound ? STRINGS.mute : STRINGS.unmute} aria-pressed={!sound}
          title={sound ? STRINGS.mute : STRINGS.unmute} onClick={() => acting.run('mute')}>
          <Icon name={sound ? 'bell' : 'bellOff'} />
        </button>
      </header>
      {offer.note !== '' && <blockquote>{offer.note}</blockquote>}
      <div class="offer-acts">
        <button type="button" class="secondary" title={withKeys(STRINGS.acts.declineOffer, 'declineOffer')}
          disabled={!settled} onClick={decline}>
          <Words short={STRINGS.decline} whole={STRINGS.acts.declineOffer} />
        </button>
        <button type="button" class="primary" disabled={!settled} onClick={accept}>
          <Words short={STRINGS.acceptOffer} whole={STRINGS.acts.acceptOffer} /><Caps act="acceptOffer" />
        </button>
      </div>
    </section>
  );
}

function useSettled(): boolean {
  const [settled, settle] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => settle(true), SETTLE_MS);
    return () => clearTimeout(timer);
  }, []);
  return settled;
}

/** Whoever does not see the card hears what it is that they accept. */
function Words({ short, whole }: { short: string; whole: string }) {
  return <><span aria-hidden="true">{short}</span><span class="unseen">{whole}</span></>;
}

/** Seconds, and which part of all: never more than there were, although clocks differ a little. */
function useLeft(offer: Offer): { left: number; share: number } {
  const { workspace } = useConsole();
  const now = useGatewayNow(500);
  const lasts = (workspace.teams.find(({ id }) => id === offer.team)?.offerMs ?? OFFER_MS) / 1_000;
  const left = Math.min(secondsLeft(offer, now), Math.ceil(lasts));
  return { left, share: left / lasts };
}

/** Time runs out clockwise. */
function Ring({ share, seconds }: { share: number; seconds: number }) {
  const arc = useRef<SVGCircleElement>(null);
  useLayoutEffect(() => {
    if (arc.current) arc.current.style.strokeDashoffset = String(100 - 100 * Math.min(1, Math.max(0, share)));
  }, [share]);
  return (
    <div class={seconds <= LAST_SECONDS ? 'ring is-last' : 'ring'} role="timer" aria-live="off"
      aria-label={STRINGS.secondsLeft(seconds)}>
      <svg viewBox="0 0 40 40" aria-hidden="true">
        <circle class="track" cx="20" cy="20" r="17" pathLength="100" />
        <circle ref={arc} class="arc" cx="20" cy="20" r="17" pathLength="100" />
      </svg>
      <span aria-hidden="true">{seconds}</span>
    </div>
  );
}
